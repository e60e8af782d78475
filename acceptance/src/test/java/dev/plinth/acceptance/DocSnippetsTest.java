package dev.plinth.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every block of Java on every page compiles.
 *
 * <p>A block is declarations, statements, or the one and then the other, apart by an empty line. What a page takes for
 * granted, such as a record {@code Quote} and a client {@code pricing}, stands in the resource {@code docs/PAGE.java},
 * beside what all pages take for granted in {@code docs/all.java}.
 */
class DocSnippetsTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern BLOCK = Pattern.compile("^```java\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern PARTS = Pattern.compile("\n\n(?! )");
    private static final Pattern DECLARATION = Pattern.compile(
            "^(@(?!SuppressWarnings)|public |private |static |record |class |final class |sealed |interface |enum |void )");

    static Stream<Path> pages() throws IOException {
        var pages = new ArrayList<Path>();
        pages.add(ROOT.resolve("README.md"));
        for (var folder : List.of(ROOT.resolve("docs"), ROOT.resolve("examples"))) {
            try (var files = Files.walk(folder)) {
                files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
            }
        }
        return pages.stream().filter(page -> BLOCK.matcher(read(page)).find());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyBlockOfJavaCompiles(Path page, @TempDir Path classes) {
        var name = page.getFileName().toString().replace(".md", "");
        var source = new StringBuilder(resource("imports"))
                .append("class Everywhere {\n")
                .append(resource("all"))
                .append("}\nclass Surroundings extends Everywhere {\n")
                .append(resource(name))
                .append("}\n");
        var blocks = BLOCK.matcher(read(page));
        for (int i = 1; blocks.find(); i++) {
            source.append(wrapped(blocks.group(1), i));
        }
        assertThat(faults(source.toString(), classes))
                .as("what the compiler says of the blocks of Java on " + page)
                .isEmpty();
    }

    /** A class of its own, which sees what its page takes for granted, and the blocks before it. */
    private static String wrapped(String block, int number) {
        var members = new StringBuilder();
        var statements = new StringBuilder();
        for (var part : PARTS.splitAsStream(block.replace("…", "")).toList()) {
            (DECLARATION.matcher(part).find() ? members : statements)
                    .append(part)
                    .append("\n\n");
        }
        return "abstract class Block" + number + " extends " + (number == 1 ? "Surroundings" : "Block" + (number - 1))
                + " {\n" + members + "Object block() throws Exception {\nif (on) {\n" + statements
                + "}\nreturn null;\n}\n}\n";
    }

    private static String faults(String source, Path classes) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var out = new StringWriter();
        var options = List.of("-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
        compiler.getTask(out, null, null, options, null, List.of(new Source(source)))
                .call();
        return out.toString().contains("error:") ? out.toString() : "";
    }

    private static String resource(String name) {
        try (var in = DocSnippetsTest.class.getResourceAsStream("/docs/" + name + ".java")) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("string:///Surroundings.java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
