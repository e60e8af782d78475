package dev.plinth;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The house: a package knows those on the floors below its own, and no other on its floor. */
class ArchitectureTest {
    private static final List<Set<String>> FLOORS = List.of(
            Set.of("error", "time"),
            Set.of("secret", "tls"),
            Set.of("schema"),
            Set.of("json"),
            Set.of("remote"),
            Set.of("config"),
            Set.of("context", "credential", "openapi"),
            Set.of("lifecycle", "auth"),
            Set.of("resilience"),
            Set.of("log", "metrics", "trace", "health"),
            Set.of("http.engine", "client.engine"),
            Set.of("http"),
            Set.of("discovery"),
            Set.of("client"),
            Set.of("admin"),
            Set.of(""));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.plinth");

    private static String room(JavaClass type) {
        return type.getPackageName().equals("dev.plinth")
                ? ""
                : type.getPackageName().substring("dev.plinth.".length());
    }

    private static int floor(String room) {
        for (int i = 0; i < FLOORS.size(); i++) {
            if (FLOORS.get(i).contains(room)) {
                return i;
            }
        }
        throw new AssertionError(
                "package '" + room + "' stands on no floor. Give it one, here and in CONTRIBUTING.md.");
    }

    @Test
    void aPackageKnowsOnlyTheFloorsBelow() {
        var upward = new TreeSet<String>();
        for (var type : CLASSES) {
            var room = room(type);
            for (var dependency : type.getDirectDependenciesFromSelf()) {
                var target = dependency.getTargetClass();
                if (target.getPackageName().startsWith("dev.plinth")
                        && !room(target).equals(room)
                        && floor(room(target)) >= floor(room)) {
                    upward.add(room + " -> " + room(target) + ": " + dependency.getDescription());
                }
            }
        }
        assertThat(upward).isEmpty();
    }

    /** The one package that may know a library, so that the choice of it can be taken back. */
    private static final Map<String, String> HOMES = Map.of(
            "ch.qos.logback", "log",
            "org.snakeyaml", "config",
            "tools.jackson", "json",
            "io.opentelemetry", "trace",
            "io.micrometer", "metrics",
            "io.prometheus", "metrics");

    @Test
    void aLibraryHasOneHome() {
        var strangers = new TreeSet<String>();
        for (var type : CLASSES) {
            for (var dependency : type.getDirectDependenciesFromSelf()) {
                var target = dependency.getTargetClass().getPackageName();
                for (var home : HOMES.entrySet()) {
                    if (target.startsWith(home.getKey()) && !home.getValue().equals(room(type))) {
                        strangers.add(dependency.getDescription());
                    }
                }
            }
        }
        assertThat(strangers).isEmpty();
    }
}
