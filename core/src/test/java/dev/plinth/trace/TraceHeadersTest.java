package dev.plinth.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.context.Context;
import dev.plinth.context.TraceIds;
import dev.plinth.trace.TraceHeaders.Parent;
import dev.plinth.trace.TraceHeaders.Sampled;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceHeadersTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";
    private static final Parent NOTHING = new Parent("", "", Sampled.UNDECIDED, "");

    private static Parent parent(Map<String, String> headers) {
        return TraceHeaders.parent(headers::get, TraceHeaders.requestId(headers::get));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01          | YES
            00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00          | NO
            00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03          | YES
            00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-fe          | NO
            00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff          | YES
            01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01          | YES
            cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-and-more | YES
            fe-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00-         | NO
            """)
    void aValidTraceparentIsContinued(String header, Sampled sampled) {
        assertThat(parent(Map.of("traceparent", header))).isEqualTo(new Parent(TRACE, SPAN, sampled, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-the-future-will-be-like",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-.0",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-B7AD6B7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319cc-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c8031.c-b7ad6b7169203331-01",
                "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                "0g-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01,"
                        + "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            })
    void anInvalidTraceparentIsAsGoodAsNone(String header) {
        assertThat(parent(Map.of("traceparent", header, "tracestate", "a=1"))).isEqualTo(NOTHING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=1",
                "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
                "foo=1 , bar=2 ,\tbaz=3",
                "foo=1,",
                "fw529a3039@dt=FfQyJq0",
                "a-_*/0=!#$%&'()*+-./:;<>?@[]^_`{|}~ x",
                "0a=1",
            })
    void aValidTracestateTravelsOn(String state) {
        assertThat(parent(Map.of("traceparent", "00-" + TRACE + "-" + SPAN + "-01", "tracestate", state))
                        .state())
                .isEqualTo(state);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "a", "=1", "a=", "A=1", "_a=1", "a=1,a=2", "a=b=c", "a=\u00e9", "a b=1", "a=1;b"})
    void anInvalidTracestateIsDropped_notTheTrace(String state) {
        boolean isValue = state.equals("a=1;b"); // a semicolon is a character like others
        assertThat(parent(Map.of("traceparent", "00-" + TRACE + "-" + SPAN + "-01", "tracestate", state)))
                .isEqualTo(new Parent(TRACE, SPAN, Sampled.YES, isValue ? state : ""));
    }

    @Test
    void aTracestateOfMoreThan32MembersOr512CharactersIsDropped() {
        var members = new StringBuilder("k0=1");
        for (int i = 1; i < 32; i++) {
            members.append(",k").append(i).append("=1");
        }
        assertThat(TraceState.isValid(members.toString())).isTrue();
        assertThat(TraceState.isValid(members + ",k32=1")).isFalse();
        assertThat(TraceState.isValid("a=" + "x".repeat(256))).isTrue();
        assertThat(TraceState.isValid("a=" + "x".repeat(257))).isFalse();
        assertThat(TraceState.isValid("a=" + "x".repeat(254) + ",b=" + "x".repeat(253)))
                .isTrue();
        assertThat(TraceState.isValid("a=" + "x".repeat(254) + ",b=" + "x".repeat(254)))
                .isFalse();
        assertThat(TraceState.isValid("a".repeat(256) + "=1")).isTrue();
        assertThat(TraceState.isValid("a".repeat(257) + "=1")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
            0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1                  | 0af7651916cd43dd8448eb211c80319c | YES
            0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-d                  | 0af7651916cd43dd8448eb211c80319c | YES
            0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0                  | 0af7651916cd43dd8448eb211c80319c | NO
            0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331                    | 0af7651916cd43dd8448eb211c80319c | UNDECIDED
            0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1-05e3ac9a4f6e3b90 | 0af7651916cd43dd8448eb211c80319c | YES
            8448eb211c80319c-b7ad6b7169203331-1                                  | 00000000000000008448eb211c80319c | YES
            0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-1                  | 0af7651916cd43dd8448eb211c80319c | YES
            """)
    void aValidB3HeaderIsContinued(String header, String traceId, Sampled sampled) {
        assertThat(parent(Map.of("b3", header))).isEqualTo(new Parent(traceId, SPAN, sampled, ""));
    }

    @ParameterizedTest
    @CsvSource({"0,NO", "1,YES", "d,YES", "x,UNDECIDED", "true,UNDECIDED"})
    void b3MayBeADecisionAlone(String header, Sampled sampled) {
        assertThat(parent(Map.of("b3", header))).isEqualTo(new Parent("", "", sampled, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0af7651916cd43dd8448eb211c80319c",
                "0af7651916cd43dd8448eb211c80319c-",
                "0af7651916cd43dd8448eb211c80319c-b7ad6b716920333",
                "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-",
                "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-x",
                "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1-",
                "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1-05e3ac9a4f6e3b9",
                "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1-05e3ac9a4f6e3b9g",
                "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1x05e3ac9a4f6e3b90",
                "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331x1",
                "00000000000000000000000000000000-b7ad6b7169203331-1",
                "0af7651916cd43dd8448eb211c80319c-0000000000000000-1",
                "0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-1",
                "gaf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
            })
    void anInvalidB3HeaderIsAsGoodAsNone(String header) {
        assertThat(parent(Map.of("b3", header))).isEqualTo(NOTHING);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "1,-,YES",
                "0,-,NO",
                "true,-,YES",
                "false,-,NO",
                "-,-,UNDECIDED",
                "maybe,-,UNDECIDED",
                "0,1,YES",
                "-,1,YES",
                "-,0,UNDECIDED"
            })
    void severalB3HeadersAreContinued(String sampled, String flags, Sampled decision) {
        var headers = new LinkedHashMap<>(Map.of("x-b3-traceid", TRACE, "x-b3-spanid", SPAN));
        headers.put("x-b3-parentspanid", "05e3ac9a4f6e3b90");
        headers.put("x-b3-sampled", sampled);
        headers.put("x-b3-flags", flags);

        assertThat(parent(headers)).isEqualTo(new Parent(TRACE, SPAN, decision, ""));
    }

    @Test
    void severalB3HeadersMayBeADecisionAlone() {
        assertThat(parent(Map.of("x-b3-sampled", "0"))).isEqualTo(new Parent("", "", Sampled.NO, ""));
        assertThat(parent(Map.of("x-b3-sampled", "1", "x-b3-traceid", "nonsense", "x-b3-spanid", SPAN)))
                .isEqualTo(new Parent("", "", Sampled.YES, ""));
        assertThat(parent(Map.of("x-b3-traceid", TRACE))).isEqualTo(NOTHING);
    }

    @Test
    void w3cWinsOverB3_andSingleOverSeveral() {
        var other = "11111111111111111111111111111111";
        var headers = new LinkedHashMap<String, String>();
        headers.put("x-b3-traceid", other);
        headers.put("x-b3-spanid", SPAN);
        assertThat(parent(headers).traceId()).isEqualTo(other);

        headers.put("b3", "22222222222222222222222222222222-" + SPAN);
        assertThat(parent(headers).traceId()).isEqualTo("22222222222222222222222222222222");

        headers.put("traceparent", "00-" + TRACE + "-" + SPAN + "-01");
        assertThat(parent(headers).traceId()).isEqualTo(TRACE);

        headers.put("traceparent", "broken");
        assertThat(parent(headers).traceId()).isEqualTo("22222222222222222222222222222222");
    }

    @ParameterizedTest
    @CsvSource({
        "0af7651916cd43dd8448eb211c80319c,0af7651916cd43dd8448eb211c80319c",
        "0AF7651916CD43DD8448EB211C80319C,0af7651916cd43dd8448eb211c80319c",
        "0af76519-16cd-43dd-8448-eb211c80319c,0af7651916cd43dd8448eb211c80319c",
        "order-17,''",
        "00000000000000000000000000000000,''",
        "0af7651916cd43dd8448eb211c80319,''",
        "0af7-51916cd43dd8448-eb211c80319c--6,''",
    })
    void aRequestIdThatLooksLikeATraceIdBeginsThatTrace(String requestId, String traceId) {
        assertThat(parent(Map.of("x-request-id", requestId))).isEqualTo(new Parent(traceId, "", Sampled.UNDECIDED, ""));
        assertThat(parent(Map.of("x-correlation-id", requestId)))
                .isEqualTo(new Parent(traceId, "", Sampled.UNDECIDED, ""));
        assertThat(parent(Map.of("x-request-id", requestId, "b3", TRACE + "-" + SPAN))
                        .spanId())
                .isEqualTo(SPAN);
    }

    @Test
    void aRequestIdIsShortAndPrintable() {
        assertThat(TraceHeaders.requestId(Map.of("x-request-id", "a 17")::get)).isNull();
        assertThat(TraceHeaders.requestId(Map.of("x-request-id", "a\n17")::get)).isNull();
        assertThat(TraceHeaders.requestId(Map.of("x-request-id", "\u00e9")::get))
                .isNull();
        assertThat(TraceHeaders.requestId(Map.of("x-request-id", "")::get)).isNull();
        assertThat(TraceHeaders.requestId(Map.of("x-request-id", "x".repeat(129))::get))
                .isNull();
        assertThat(TraceHeaders.requestId(Map.of("x-request-id", "x".repeat(128))::get))
                .hasSize(128);
        assertThat(TraceHeaders.requestId(Map.of("x-request-id", "", "x-correlation-id", "c-1")::get))
                .isEqualTo("c-1");
        assertThat(TraceHeaders.requestId(Map.of("x-request-id", "r-1", "x-correlation-id", "c-1")::get))
                .isEqualTo("r-1");
    }

    @Test
    void onlyTheDocumentedHeadersAreAskedFor() {
        TraceHeaders.parent(
                name -> {
                    assertThat(TraceHeaders.READ).contains(name);
                    return null;
                },
                null);
    }

    private static Map<String, String> written(Context context, B3 b3) {
        var headers = new LinkedHashMap<String, String>();
        TraceHeaders.write(context, b3, headers::put);
        return headers;
    }

    @Test
    void theTraceIsWrittenForTheNextProcess() {
        var ids = new TraceIds(TRACE, SPAN, "05e3ac9a4f6e3b90", true, "a=1");
        var context = Context.EMPTY.withTrace(ids, null);

        assertThat(written(context, B3.NONE))
                .containsExactly(
                        Map.entry("traceparent", "00-" + TRACE + "-" + SPAN + "-01"), Map.entry("tracestate", "a=1"));
        assertThat(written(context, B3.SINGLE)).containsEntry("b3", TRACE + "-" + SPAN + "-1-05e3ac9a4f6e3b90");
        assertThat(written(context, B3.MULTI))
                .containsEntry("x-b3-traceid", TRACE)
                .containsEntry("x-b3-spanid", SPAN)
                .containsEntry("x-b3-parentspanid", "05e3ac9a4f6e3b90")
                .containsEntry("x-b3-sampled", "1");
        var unsampled = Context.EMPTY.withTrace(new TraceIds(TRACE, SPAN, "", false), null);
        assertThat(written(unsampled, B3.SINGLE))
                .containsExactly(
                        Map.entry("traceparent", "00-" + TRACE + "-" + SPAN + "-00"),
                        Map.entry("b3", TRACE + "-" + SPAN + "-0"));
        assertThat(written(unsampled, B3.MULTI))
                .containsEntry("x-b3-sampled", "0")
                .doesNotContainKey("x-b3-parentspanid");
        assertThat(written(Context.EMPTY, B3.MULTI)).isEmpty();
    }

    @Test
    void whatIsWrittenIsReadAsTheSame() {
        var context = Context.EMPTY.withTrace(new TraceIds(TRACE, SPAN, "", true, "a=1"), null);

        assertThat(parent(written(context, B3.NONE))).isEqualTo(new Parent(TRACE, SPAN, Sampled.YES, "a=1"));
        for (var b3 : new B3[] {B3.SINGLE, B3.MULTI}) {
            var headers = written(context, b3);
            headers.remove("traceparent");
            assertThat(parent(headers)).isEqualTo(new Parent(TRACE, SPAN, Sampled.YES, ""));
        }
    }

    @Test
    void baggageIsReadByTheAllowListOnly() {
        var header = "tenant = acme;since=2020 , secret=x,name=J%C3%B6rg%20%26%20Co%2C%zz, empty=,bad,=x";

        assertThat(Baggage.read(header, Set.of("tenant", "name", "empty", "bad")))
                .containsOnly(Map.entry("tenant", "acme"), Map.entry("name", "Jörg & Co,%zz"), Map.entry("empty", ""));
        assertThat(Baggage.read("a=" + "x".repeat(8191), Set.of("a"))).isEmpty();
        assertThat(Baggage.read("x=1,".repeat(64) + "a=1", Set.of("a"))).isEmpty();
        assertThat(Baggage.read("x=1,".repeat(63) + "a=1", Set.of("a"))).hasSize(1);
    }

    @Test
    void baggageThatIsWrittenIsReadAsTheSame() {
        var pieces = Map.of("tenant", "Jörg & Co, 100% \"=;\\\n€", "path", "/a/b?c");

        assertThat(Baggage.read(Baggage.write(pieces), pieces.keySet())).isEqualTo(pieces);
        assertThat(Baggage.write(pieces)).isASCII().doesNotContain(" ", "\n");
        assertThat(Baggage.write(Map.of("not a token", "x"))).isEmpty();
        assertThat(Baggage.write(Map.of("a", "x".repeat(9000)))).isEmpty();
        assertThat(written(Context.EMPTY.withBaggage("tenant", "acme"), B3.NONE))
                .containsExactly(Map.entry("baggage", "tenant=acme"));
    }
}
