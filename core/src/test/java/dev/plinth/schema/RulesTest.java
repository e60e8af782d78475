package dev.plinth.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.error.Violation;
import dev.plinth.json.Json;
import dev.plinth.json.JsonException;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RulesTest {
    enum Kind {
        SINGLE,
        TWIN
    }

    record Guest(String name, Optional<Integer> age) implements Ruled {
        @Override
        public List<Rule> rules() {
            return List.of(Rules.compare("age", Comparison.AT_LEAST, 18));
        }
    }

    record Booking(
            Optional<String> phone,
            Optional<String> mail,
            Optional<String> card,
            Optional<String> invoice,
            @NotNull LocalDate from,
            @NotNull LocalDate to,
            Kind kind,
            String state,
            List<Guest> guests,
            Map<String, Guest> rooms)
            implements Ruled {
        private static final List<Rule> RULES = List.of(
                Rules.atLeastOne("phone", "mail", "guests"),
                Rules.onlyOne("card", "invoice"),
                Rules.compare("from", Comparison.AT_MOST, Rules.component("to")),
                Rules.on("kind", Rules.included("SINGLE", Kind.TWIN)),
                Rules.on("state", Rules.and(Rules.excluded("closed"), Rules.not(Rules.included("lost")))),
                Rules.or(
                        Rules.compare("state", Comparison.LIKE, "[a-z]+"),
                        Rules.compare("state", Comparison.EQUAL, "-")));

        @Override
        public List<Rule> rules() {
            return RULES;
        }
    }

    private static Object read(String json) {
        return Json.standard().read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), Booking.class);
    }

    private static final String RIGHT = "'from':'2026-01-01','to':'2026-01-02','kind':'TWIN','state':'open'";

    @Test
    void aRecordWhoseRulesHoldIsTaken() {
        assertThat(read("{'phone':'1','card':'x'," + RIGHT + "}")).isInstanceOf(Booking.class);
        assertThat(read("{'guests':[{'name':'a'}],'invoice':'x'," + RIGHT + "}"))
                .isInstanceOf(Booking.class);
    }

    @Test
    void everyBrokenRuleIsToldOnce_withItsPlaceAndWhatWasThere() {
        assertThatThrownBy(() -> read("{'guests':[],'card':'x','invoice':'y','from':'2026-01-03','to':'2026-01-02',"
                        + "'kind':'TWIN','state':'lost'}"))
                .isInstanceOfSatisfying(JsonException.class, refused -> assertThat(refused.violations())
                        .containsExactly(
                                new Violation(
                                        "",
                                        "AT_LEAST_ONE",
                                        "must have at least one of phone, mail, guests",
                                        "at least one of phone, mail, guests",
                                        ""),
                                new Violation(
                                        "",
                                        "ONLY_ONE",
                                        "must have exactly one of card, invoice",
                                        "exactly one of card, invoice",
                                        ""),
                                new Violation("/from", "COMPARE_COMPONENTS", "must be <= to", "<= to", "2026-01-03"),
                                new Violation(
                                        "/state",
                                        "AND",
                                        "must be none of closed and must not be so: it must be one of lost",
                                        "none of closed and not: one of lost",
                                        "lost")));
        assertThatThrownBy(() -> read("{'phone':'1','card':'x','from':'2026-01-01','to':'2026-01-01','state':'A1'}"))
                .isInstanceOfSatisfying(JsonException.class, refused -> assertThat(refused.violations())
                        .extracting(Violation::code, Violation::message)
                        .containsExactly(
                                org.assertj.core.groups.Tuple.tuple("OR", "must be like [a-z]+ or must be = -")));
    }

    @Test
    void recordsWithinAreAskedToo() {
        assertThatThrownBy(() -> read("{'phone':'1','card':'x','guests':[{'name':'a','age':18},{'name':'b','age':17}],"
                        + "'rooms':{'r/1':{'name':'c','age':3}}," + RIGHT + "}"))
                .isInstanceOfSatisfying(JsonException.class, refused -> assertThat(refused.violations())
                        .extracting(Violation::pointer, Violation::code, Violation::expected, Violation::actual)
                        .containsExactly(
                                org.assertj.core.groups.Tuple.tuple("/guests/1/age", "COMPARE", ">= 18", "17"),
                                org.assertj.core.groups.Tuple.tuple("/rooms/r~11/age", "COMPARE", ">= 18", "3")));
    }

    @Test
    void aRecordThatWasMadeInCodeIsJudgedAlike() {
        var violations = new ArrayList<Violation>();
        Schema.of(Guest.class).check(new Guest("a", Optional.of(5)), "/g", violations::add);
        assertThat(violations).extracting(Violation::pointer).containsExactly("/g/age");
    }

    @Test
    void numbersAreComparedByWhatTheyAreWorth() {
        record Sum(BigDecimal amount, long limit, Double share) {}
        var sum = new Sum(new BigDecimal("10.50"), 10, null);
        assertThat(Rules.compare("amount", Comparison.MORE, Rules.component("limit"))
                        .holds(sum))
                .isTrue();
        assertThat(Rules.compare("amount", Comparison.EQUAL, 10.5).holds(sum)).isTrue();
        assertThat(Rules.compare("amount", Comparison.NOT_EQUAL, 10.5).holds(sum))
                .isFalse();
        assertThat(Rules.compare("limit", Comparison.LESS, 10).holds(sum)).isFalse();
        // What is not there breaks no comparison.
        assertThat(Rules.compare("share", Comparison.LESS, 0).holds(sum)).isTrue();
        assertThat(Rules.included(1, 2).holds(2L)).isTrue();
        assertThat(Rules.excluded(1, 2).holds(2L)).isFalse();
        assertThat(Rules.not(Rules.included(1)).holds(null)).isTrue();
    }

    @Test
    void aRuleThatNamesNoComponentIsAMistakeOfTheProgram() {
        assertThatThrownBy(() -> Rules.atLeastOne("fone").holds(new Guest("a", Optional.empty())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a rule names the component 'fone', which dev.plinth.schema.RulesTest$Guest does not have"
                        + " (it has: [name, age])");
    }

    record Code(@Pattern(regexp = "(a+)+b") String evil, @Pattern(regexp = "(a|b)*") String deep) {}

    /** Unbounded, the first would take longer than the age of the world, and the second more stack than there is. */
    @Test
    @Timeout(20)
    void anExpressionThatNeverEndsIsEnded() {
        var violations = new ArrayList<Violation>();
        Schema.of(Code.class).check(new Code("a".repeat(200), "ab".repeat(500_000)), "", violations::add);
        assertThat(violations).extracting(Violation::pointer).containsExactly("/evil", "/deep");
        violations.clear();
        Schema.of(Code.class).check(new Code("a".repeat(2000) + "b", "abab"), "", violations::add);
        assertThat(violations).isEmpty();
    }
}
