package io.lull.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lull.worker.cli.LullCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person sees of {@code lull simulate}. */
@Timeout(120)
class SimulateCommandTest {
    private static final String[] SHORT = {"--workload", "closed-4,cpu-1", "--seconds", "1"};

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theTableHasTheBestRunOfEachPolicyOnEachWorkload() {
        assertThat(simulate("--policy", "lull,remus.fixed,plover.idle")).isZero();

        assertThat(out.toString().lines().filter(line -> line.startsWith("closed-4 ")))
                .hasSize(3)
                .first()
                .asString()
                .contains("lull", "p99=25ms", "100.0");
        assertThat(out.toString().lines().filter(line -> line.startsWith("cpu-1 ")))
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).as("no output, no delay").contains("  -  "));
        assertThat(out.toString()).contains("lull's advantage", "Lull's hardest workload is", "of the best run");
    }

    @Test
    void everyPolicyTakesPartByDefaultAndWhatIsLeftOutIsSaidInOneLine() throws IOException {
        assertThat(simulate("--output", "json")).isZero();

        JsonNode root = new JsonMapper().readTree(out.toString());
        assertThat(root.path("standings")).hasSize(10);
        assertThat(root.path("leftOut")).hasSize(1);
        assertThat(root.path("leftOut").get(0).asText()).contains("orbit.hybrid", "DIVERGENCE", "any workload");
    }

    @Test
    void aSweepRunsEverySettingAndShowsTheBest() throws IOException {
        assertThat(simulate("--policy", "lull,remus.fixed", "--sweep", "--oracle", "--output", "json"))
                .isZero();

        JsonNode root = new JsonMapper().readTree(out.toString());
        assertThat(root.path("experiment").path("runs").asInt()).isEqualTo(2 * (1 + 12));
        assertThat(root.path("bestRuns")).hasSize(4);
        assertThat(root.path("oracleScores").path("closed-4").asDouble()).isBetween(0.05, 1.0);
        for (JsonNode run : root.path("bestRuns")) {
            assertThat(run.has("outputDelay"))
                    .isEqualTo(run.path("workload").asText().equals("closed-4"));
        }
    }

    @Test
    void theResultDoesNotDependOnTheNumberOfThreads() {
        assertThat(simulate("--threads", "1", "--output", "html")).isZero();
        String alone = out.toString();
        out.getBuffer().setLength(0);
        assertThat(simulate("--threads", "4", "--output", "html")).isZero();

        assertThat(out.toString()).isEqualTo(alone);
    }

    @Test
    void thePageNeedsNothingFromElsewhere() throws IOException {
        Path page = folder.resolve("page.html");
        assertThat(simulate("--output", "html", "--out", page.toString())).isZero();

        String html = Files.readString(page);
        assertThat(out.toString()).isEmpty();
        assertThat(html)
                .contains("<svg", "closed-4", "cpu-1", "How long output was held", "This workload sends nothing");
        assertThat(html.replaceAll("xmlns(:[a-z]+)?=['\"]http[^'\"]*['\"]", "")).doesNotContain("http:", "https:");
        assertThat(html).doesNotContain("<script", "<link", "src=", "@import");
        assertThat(html.length()).isLessThan(3_000_000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --workload  | nothing           | no workload is named 'nothing'
                    --workload  | closed-4,closed-4 | two workloads are named 'closed-4'
                    --policy    | nobody            | no policy is named 'nobody'
                    --objective | p99=25            | objective 'p99=25' is not understood
                    --seconds   | 0                 | --seconds is 0
                    --threads   | 0                 | --threads is 0
                    --trace     | guest.pairs.gz    | NAME.dirtylog.gz
                    """)
    void whatIsWrongIsSaidInOneLine(String option, String value, String words) {
        assertThat(run("simulate", option, value)).isPositive();

        assertThat(err.toString()).startsWith("lull: ").contains(words);
        assertThat(err.toString().strip().lines()).hasSize(1);
    }

    private int simulate(String... options) {
        String[] all = new String[1 + SHORT.length + options.length];
        all[0] = "simulate";
        System.arraycopy(SHORT, 0, all, 1, SHORT.length);
        System.arraycopy(options, 0, all, 1 + SHORT.length, options.length);
        return run(all);
    }

    private int run(String... arguments) {
        return LullCommand.commandLine()
                .addSubcommand(new SimulateCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
