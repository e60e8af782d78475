package dev.plinth.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the service's own command line takes, handed on to it. Set by picocli. */
final class ServiceOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "Configuration instead of service.yaml")
    private @Nullable Path config;

    @Option(names = "--profile", paramLabel = "NAME", description = "Also service-NAME.yaml beside it; may be repeated")
    private List<String> profiles = new ArrayList<>();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Overrides one key; may be repeated")
    private List<String> settings = new ArrayList<>();

    /** As the service understands them. It runs in its own folder, so a file is named from the root. */
    List<String> words() {
        var words = new ArrayList<String>();
        if (config != null) {
            words.add("--config");
            words.add(config.toAbsolutePath().normalize().toString());
        }
        for (var profile : profiles) {
            words.add("--profile");
            words.add(profile);
        }
        for (var setting : settings) {
            words.add("--set");
            words.add(setting);
        }
        return words;
    }
}
