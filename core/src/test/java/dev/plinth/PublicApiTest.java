package dev.plinth;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The public API as a file under version control, so that a change of it is seen in review. After a change that is meant:
 * {@code mvn -pl core test -Dtest=PublicApiTest -Dapi.write=true}.
 */
class PublicApiTest {
    private static final Path DUMP = Path.of("api.txt");

    /** Packages that no user sees. */
    private static final Set<String> HOUSE = Set.of("dev.plinth.http.engine", "dev.plinth.openapi");

    @Test
    void isTheOneThatWasAgreed() throws IOException {
        var now = dump();
        if (Boolean.getBoolean("api.write")) {
            Files.writeString(DUMP, now);
        }
        assertThat(now)
                .as("the public API changed. If it is meant, write core/api.txt anew with -Dapi.write=true.")
                .isEqualTo(Files.readString(DUMP));
    }

    private static String dump() {
        var types = new TreeMap<String, JavaClass>();
        for (var type : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.plinth")) {
            if (isPublic(type) && !HOUSE.contains(type.getPackageName())) {
                types.put(type.getName(), type);
            }
        }
        var dump = new StringBuilder();
        types.forEach((name, type) -> {
            dump.append(kind(type)).append(' ').append(name).append('\n');
            var members = new ArrayList<String>();
            for (JavaMember member : type.getMembers()) {
                var modifiers = member.getModifiers();
                if (!modifiers.contains(JavaModifier.SYNTHETIC)
                        && !modifiers.contains(JavaModifier.BRIDGE)
                        && (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED))) {
                    var text = member.getDescription();
                    text = text.substring(text.indexOf('<') + 1, text.lastIndexOf('>'));
                    members.add("  " + (modifiers.contains(JavaModifier.STATIC) ? "static " : "")
                            + text.replace(name + ".", ""));
                }
            }
            members.stream().sorted().forEach(member -> dump.append(member).append('\n'));
        });
        return dump.toString();
    }

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && !type.getModifiers().contains(JavaModifier.SYNTHETIC)
                && type.getEnclosingClass().map(PublicApiTest::isPublic).orElse(true);
    }

    private static String kind(JavaClass type) {
        return type.isAnnotation()
                ? "annotation"
                : type.isEnum() ? "enum" : type.isRecord() ? "record" : type.isInterface() ? "interface" : "class";
    }
}
