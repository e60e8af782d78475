package dev.plinth;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.JarFile;

/**
 * Which program this is, and which run of it.
 *
 * @param version {@code Implementation-Version} of the jar's manifest; {@code unknown} outside a jar
 * @param time {@code Build-Time} of the jar's manifest; empty where it is not there
 * @param instance tells this process from its siblings
 */
record Build(String version, String time, String instance) {
    /** What the manifest of the jar says that {@code anchor} came from. */
    static Build of(String service, Class<?> anchor) {
        var instance = service + "-" + Long.toHexString(System.currentTimeMillis()) + "-"
                + ProcessHandle.current().pid();
        var source = anchor.getProtectionDomain().getCodeSource();
        if (source != null && source.getLocation().getPath().endsWith(".jar")) {
            try (var jar = new JarFile(new File(source.getLocation().toURI()))) {
                var manifest = jar.getManifest();
                if (manifest != null) {
                    var version = manifest.getMainAttributes().getValue("Implementation-Version");
                    var time = manifest.getMainAttributes().getValue("Build-Time");
                    return new Build(version == null ? "unknown" : version, time == null ? "" : time, instance);
                }
            } catch (IOException | URISyntaxException unreadable) {
                // A program that can't read its own jar has no version, and runs all the same.
            }
        }
        return new Build("unknown", "", instance);
    }

    Map<String, String> properties() {
        var properties = new LinkedHashMap<String, String>();
        properties.put("version", version);
        properties.put("build_time", time);
        properties.put("instance", instance);
        return properties;
    }
}
