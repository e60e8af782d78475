package dev.plinth.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceNameTest {
    private static final String EXPECTED =
            " (expected: lower-case letters, digits and single hyphens, beginning with a letter, at most 63).";

    @ParameterizedTest
    @ValueSource(strings = {"orders", "tasks", "http", "new", "a", "order-book", "s3-copy", "plinth", "main", "java"})
    void ordinaryNamesAreGood(String name) {
        assertThat(new ServiceName(name).text()).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ''           | it is empty                          | ''
                    9x           | it begins with '9'                   | ' Try x.'
                    -x           | it begins with '-'                   | ' Try x.'
                    My Service   | it has ' ', 'M', 'S'                 | ' Try my-service.'
                    orders_eu    | it has '_'                           | ' Try orders-eu.'
                    ../up        | it has '.', '/'                      | ' Try up.'
                    /etc/x       | it has '/'                           | ' Try etc-x.'
                    über         | it has 'ü'                           | ' Try ber.'
                    orders-      | it has a hyphen with nothing behind it | ' Try orders.'
                    or--ders     | it has a hyphen with nothing behind it | ' Try or-ders.'
                    注文           | it has '文', '注'                       | ''
                    """)
    void badNamesAreRefusedWithTheReasonAndANearOne(String name, String reason, String suggestion) {
        assertThatThrownBy(() -> new ServiceName(name))
                .hasMessage("'" + name + "' is not a service name: " + reason + EXPECTED + suggestion)
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(64));
    }

    @Test
    void aNameIsAtMostADnsLabelLong() {
        assertThat(new ServiceName("a".repeat(63)).text()).hasSize(63);
        assertThatThrownBy(() -> new ServiceName("a".repeat(64)))
                .hasMessage("'" + "a".repeat(64) + "' is not a service name: it has 64 characters" + EXPECTED);
    }

    @ParameterizedTest
    @CsvSource({
        "orders,orders",
        "order-book,orderbook",
        "class,classservice",
        "new,newservice",
        "java,javaservice",
        "int,intservice"
    })
    void thePackageIsTheNameWhereJavaAllowsIt(String name, String packageName) {
        assertThat(new ServiceName(name).packageName()).isEqualTo(packageName);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.", "a..b", "a.class", "9a", "a-b", "a b", "java", "java.lang", "a/b"})
    void packagesThatJavaRefusesAreNotUsable(String name) {
        assertThat(ServiceName.isUsablePackage(name)).isFalse();
    }
}
