package dev.plinth;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;

/** Runs a piece of code where some libraries are missing, to prove that it doesn't need them. */
public final class WithoutJars {
    private WithoutJars() {}

    /**
     * Runs {@code scenario}, by its constructor without arguments, with a class path of its own that lacks all jars whose
     * file name begins with one of {@code prefixes}.
     */
    public static void run(Class<? extends Runnable> scenario, List<String> prefixes) throws Exception {
        var urls = new ArrayList<URL>();
        int left = 0;
        for (var entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            var file = new File(entry);
            if (prefixes.stream().anyMatch(file.getName()::startsWith)) {
                left++;
            } else {
                urls.add(url(file));
            }
        }
        if (left == 0) {
            throw new AssertionError("no jar begins with one of " + prefixes);
        }
        try (var loader = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            var constructor = loader.loadClass(scenario.getName()).getDeclaredConstructor();
            constructor.setAccessible(true);
            ((Runnable) constructor.newInstance()).run();
        }
    }

    private static URL url(File file) throws MalformedURLException {
        return file.toURI().toURL();
    }
}
