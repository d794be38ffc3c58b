package io.lull.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What can't be asked is wrong usage, in one line, before Kafka is spoken to. */
class IntentCommandTest {
    private final StringWriter errors = new StringWriter();

    private int run(String... more) {
        CommandLine line = LullCommand.commandLine();
        line.setErr(new PrintWriter(errors, true));
        List<String> arguments = new ArrayList<>(List.of("intent", "--bootstrap-servers", "127.0.0.1:1", "--vm", "db"));
        arguments.addAll(List.of(more));
        return line.execute(arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "halt --reason x | nothing is asked by 'halt'; there are choose-policy, pin-interval, pause",
                "choose-policy --reason x | needs a policy",
                "choose-policy --reason x --policy fastest | no policy is named 'fastest'; known are",
                "pause | needs a reason",
                "pause --reason x --policy lull | pause has no use for --policy",
                "pause --reason x --interval-millis 5 | pause has no use for --interval-millis",
                "pin-interval --reason x | needs intervalNanos",
                "pin-interval --reason x --interval-millis 0 | --interval-millis must be above 0",
                "pin-interval --reason x --interval-millis NaN | --interval-millis must be above 0",
                "pin-interval --reason x --interval-millis 5 --encode-threads 2 | pin-interval has no use for",
                "objectives --reason x | needs intervalNanos, maxEpochNanos, placement or a target",
                "objectives --reason x --encode-threads 0 | encodeThreads",
                "objectives --reason x --overhead-percent 200 | overheadRatio",
                "objectives --reason x --placement moon | --placement must be host, job or both, is moon",
                "exclude --reason x | needs expiresAtMicros",
                "exclude --reason x --for-seconds 0 | --for-seconds must be from 1 to",
                "--take-back | --take-back needs to know what"
            })
    void isRefused(String asked, String why) {
        assertThat(run(asked.split(" "))).isEqualTo(LullCommand.WRONG_USAGE);
        assertThat(errors.toString().strip())
                .startsWith("lull: ")
                .contains(why)
                .doesNotContain("\n")
                .doesNotContain("Exception: ");
    }

    @Test
    void everyKindHasAWordOfItsOwn() throws Exception {
        for (var kind : io.lull.policy.OperatorIntent.Kind.values()) {
            assertThat(IntentOptions.kind(IntentOptions.word(kind))).isEqualTo(kind);
        }
    }
}
