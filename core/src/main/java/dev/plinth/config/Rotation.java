package dev.plinth.config;

import dev.plinth.secret.DecryptionException;
import dev.plinth.secret.Fernet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * A YAML or JSON text in which every {@code enc_} value was encrypted anew; all else is as it was, to the last blank.
 * Immutable.
 *
 * @param text the new text
 * @param count how many tokens are new
 * @param left the keys that were left as they are, since their tokens come from elsewhere by <code>${...}</code>
 */
public record Rotation(String text, int count, List<String> left) {
    public Rotation {
        left = List.copyOf(left);
    }

    /**
     * Encrypts every {@code enc_} value of {@code text} anew with the first key of {@code fernet}, at any depth.
     *
     * @param file its name, for errors
     * @throws ConfigException if it is no YAML, or a value can't be opened: with all that is wrong, and no text or token
     */
    public static Rotation of(String text, String file, Fernet fernet) {
        var problems = new Problems();
        var origin = Origin.file(file);
        Yaml.read(text.getBytes(StandardCharsets.UTF_8), origin, problems);
        problems.check(List.of(file));
        var walk = new Walk(text, origin, problems);
        var tokens = walk.tokens();
        var left = new ArrayList<String>();
        var changed = new StringBuilder(text);
        int count = 0;
        for (var token : tokens) {
            if (token.value().isEmpty()) {
                continue;
            }
            if (token.value().contains("${")) {
                left.add(token.key());
                continue;
            }
            int at = text.substring(0, token.end()).indexOf(token.value(), token.start());
            if (at < 0) {
                problems.add(
                        token.key(),
                        "its token is not in one piece (expected: one line, as plinth encrypt" + " prints it)",
                        token.origin());
                continue;
            }
            try {
                var fresh = fernet.encrypt(fernet.decrypt(token.value()));
                changed.replace(at, at + token.value().length(), fresh);
                count++;
            } catch (DecryptionException e) {
                problems.add(token.key(), "its token " + e.getMessage(), token.origin());
            }
        }
        problems.check(List.of(file));
        return new Rotation(changed.toString(), count, left.reversed());
    }

    /** A token, and the part of the text in which it stands. */
    private record Token(String key, String value, int start, int end, Origin origin) {}

    /** One walk through the parser's events, which know the places. */
    private static final class Walk {
        private final String text;
        private final int begin;
        private final Origin source;
        private final Problems problems;
        private final ParserImpl parser;
        private final Map<Anchor, ScalarEvent> anchors = new HashMap<>();
        private final Map<Integer, Token> tokens = new LinkedHashMap<>();

        Walk(String text, Origin source, Problems problems) {
            this.text = text;
            this.begin = text.startsWith("\uFEFF") ? 1 : 0;
            this.source = source;
            this.problems = problems;
            var settings = LoadSettings.builder().setLabel("yaml").build();
            this.parser = new ParserImpl(settings, new StreamReader(settings, text.substring(begin)));
        }

        /** The last of them first, so that the places of the others hold while they are replaced. */
        List<Token> tokens() {
            while (parser.hasNext()) {
                node(parser.next(), "");
            }
            var sorted = new ArrayList<>(tokens.values());
            sorted.sort(Comparator.comparingInt(Token::start).reversed());
            return sorted;
        }

        private void node(Event event, String path) {
            switch (event.getEventId()) {
                case Scalar -> anchor((ScalarEvent) event);
                case SequenceStart -> {
                    int i = 0;
                    for (var item = parser.next(); item.getEventId() != Event.ID.SequenceEnd; item = parser.next()) {
                        node(item, below(path, Integer.toString(i++)));
                    }
                }
                case MappingStart -> {
                    for (var key = parser.next(); key.getEventId() != Event.ID.MappingEnd; key = parser.next()) {
                        anchor((ScalarEvent) key);
                        var name = ((ScalarEvent) key).getValue();
                        member(name, parser.next(), below(path, name));
                    }
                }
                default -> {} // begins and ends, and aliases of what was seen
            }
        }

        private void member(String name, Event value, String path) {
            node(value, path);
            if (!Encrypted.isPrefixed(name)) {
                return;
            }
            if (value instanceof ScalarEvent scalar) {
                token(scalar, path);
            } else if (value instanceof AliasEvent alias && anchors.get(alias.getAlias()) != null) {
                token(anchors.get(alias.getAlias()), path);
            } else {
                problems.add(path, Encrypted.NO_TOKEN, source.at(line(value.getStartMark()), column(value)));
            }
        }

        private void token(ScalarEvent event, String key) {
            int start = index(event.getStartMark());
            var origin = source.at(line(event.getStartMark()), column(event));
            tokens.put(start, new Token(key, event.getValue().strip(), start, index(event.getEndMark()), origin));
        }

        private void anchor(ScalarEvent event) {
            if (event.getAnchor().isPresent()) {
                anchors.put(event.getAnchor().get(), event);
            }
        }

        private static int line(Optional<Mark> mark) {
            return mark.isPresent() ? mark.get().getLine() + 1 : 0;
        }

        private static int column(Event event) {
            return event.getStartMark().isPresent() ? event.getStartMark().get().getColumn() + 1 : 0;
        }

        private int index(Optional<Mark> mark) {
            return begin
                    + text.substring(begin)
                            .offsetByCodePoints(0, mark.isPresent() ? mark.get().getIndex() : 0);
        }

        private static String below(String path, String name) {
            return path.isEmpty() ? name : path + "." + name;
        }
    }
}
