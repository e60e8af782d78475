package dev.plinth.config;

import java.nio.file.Path;
import java.util.Map;

/**
 * Everything that configuration may come from.
 *
 * <p>The order, the weakest first: defaults of the records, {@code service.yaml} on the class path, the file, the files
 * of the profiles in their order, the remote tree that the section {@code boot} names, folders of mounted files, {@code PLINTH_} variables, {@code --set} arguments. Mappings merge, lists and single
 * values replace, a key without a value counts as not written. Immutable.
 *
 * <p>The file is the one that {@code --config} names, else {@code PLINTH_CONFIG}, else {@code service.yaml},
 * {@code service.yml} or {@code service.json} in the working directory. Profiles come from {@code --profile}, else
 * {@code PLINTH_PROFILE}; that of {@code prod} is {@code service-prod.yaml} beside the file. What is named must exist.
 *
 * @param arguments the command line
 * @param environment the variables
 * @param directory the working directory
 * @param classLoader where {@code service.yaml} of the class path is looked for
 */
public record Sources(Arguments arguments, Map<String, String> environment, Path directory, ClassLoader classLoader) {
    public Sources {
        environment = Map.copyOf(environment);
    }

    /** Those of this process. */
    public static Sources of(Arguments arguments) {
        var loader = Thread.currentThread().getContextClassLoader();
        return new Sources(
                arguments, System.getenv(), Path.of(""), loader == null ? ClassLoader.getSystemClassLoader() : loader);
    }
}
