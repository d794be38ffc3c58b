package io.lull.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lull.worker.cli.LullCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
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
                .hasSize(4)
                .first()
                .asString()
                .contains("lull", "p99=25ms", "100.0");
        assertThat(out.toString().lines().filter(line -> line.startsWith("cpu-1 ")))
                .hasSize(4)
                .allSatisfy(line -> assertThat(line).as("no output, no delay").contains("  -  "));
        assertThat(out.toString())
                .contains("lull gains %", "lull/rival", "geometric mean", "Lull's hardest workload is")
                .contains("No oracle was asked (--oracle): the best run of any policy is the ceiling.");
    }

    @Test
    void everyPolicyTakesPartByDefaultAndWhatIsLeftOutIsSaidInOneLine() throws IOException {
        assertThat(simulate("--output", "json")).isZero();

        JsonNode root = comparison(0);
        assertThat(root.path("standings")).hasSize(10);
        assertThat(root.path("leftOut")).hasSize(1);
        assertThat(root.path("leftOut").get(0).asText()).contains("orbit.hybrid", "DIVERGENCE", "any workload");
    }

    @Test
    void aSweepRunsEverySettingAndShowsTheBest() throws IOException {
        assertThat(simulate("--policy", "lull,remus.fixed", "--sweep", "--oracle", "--output", "json"))
                .isZero();

        JsonNode root = comparison(0);
        assertThat(root.path("experiment").path("runs").asInt()).isEqualTo(2 * (1 + 12));
        assertThat(root.path("bestRuns")).hasSize(6);
        assertThat(root.path("workloads").get(0).path("oracleScoreRatio").asDouble())
                .isBetween(0.05, 1.0);
        assertThat(root.path("oracle").path("asked").asBoolean()).isTrue();
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

    @Test
    void theSummaryCanBeCheckedFromItsOwnNumbers() throws IOException {
        assertThat(simulate("--policy", "lull,remus.fixed", "--sweep", "--oracle", "--brief", "--output", "json"))
                .isZero();

        JsonNode root = comparison(0);
        assertThat(root.has("bestRuns")).isFalse();
        double logs = 0;
        for (JsonNode workload : root.path("workloads")) {
            double lull = workload.path("lullScoreRatio").asDouble();
            double rival = workload.path("bestRival").path("scoreRatio").asDouble();
            double oracle = workload.path("oracleScoreRatio").asDouble();
            assertThat(workload.path("lullOverRivalRatio").asDouble()).isEqualTo(lull / rival);
            assertThat(workload.path("oracleOverRivalRatio").asDouble()).isEqualTo(oracle / rival);
            logs += Math.log(lull / rival);
        }
        assertThat(root.path("means").path("lullOverRivalRatio").asDouble())
                .isCloseTo(Math.exp(logs / 2), within(1e-9));
        for (JsonNode standing : root.path("standings")) {
            assertThat(standing.path("bestSingleSetting").path("scoreRatio").asDouble())
                    .as("one setting for all is no better than the best for each")
                    .isLessThanOrEqualTo(standing.path("scoreRatio").asDouble());
        }
    }

    @Test
    void workDelayAndBytesAreComparedWithThoseOfEachPolicy() throws IOException {
        assertThat(simulate("--policy", "lull,remus.fixed", "--output", "json")).isZero();

        JsonNode root = comparison(0);
        double work = 0;
        double bytes = 0;
        double delay = 0;
        for (String workload : List.of("closed-4", "cpu-1")) {
            JsonNode lull = run(root, workload, "lull");
            JsonNode rival = run(root, workload, "remus.fixed");
            work += Math.log(ratio(lull, rival, "/usefulWorkRatio"));
            bytes += Math.log(ratio(lull, rival, "/shippedBytesPerSecond"));
            if (lull.has("outputDelay")) {
                delay += Math.log(ratio(lull, rival, "/outputDelay/p99Nanos"));
            }
        }
        JsonNode against = standing(root, "remus.fixed").path("lullOverIts");
        assertThat(against.path("usefulWorkRatio").asDouble()).isCloseTo(Math.exp(work / 2), within(1e-9));
        assertThat(against.path("shippedBytesForWorkRatio").asDouble())
                .isCloseTo(Math.exp((bytes - work) / 2), within(1e-9));
        assertThat(against.path("outputDelayP99Ratio").asDouble())
                .as("only one of the two has output")
                .isCloseTo(Math.exp(delay), within(1e-9));
        assertThat(standing(root, "lull")
                        .path("lullOverIts")
                        .path("usefulWorkRatio")
                        .asDouble())
                .isEqualTo(1);
    }

    @Test
    void whereNothingIsSentThereIsNoDelayToCompare() throws IOException {
        assertThat(run(
                        "simulate",
                        "--workload",
                        "cpu-1",
                        "--seconds",
                        "1",
                        "--policy",
                        "lull,gerofi",
                        "--output",
                        "json"))
                .isZero();

        assertThat(standing(comparison(0), "gerofi").path("lullOverIts").fieldNames())
                .toIterable()
                .containsExactly("usefulWorkRatio", "shippedBytesForWorkRatio");
    }

    @Test
    void eachObjectiveIsComparedOnItsOwn() throws IOException {
        assertThat(simulate(
                        "--policy",
                        "lull,plover.idle",
                        "--objective",
                        "p99=5ms",
                        "--objective",
                        "p99=50ms",
                        "--output",
                        "json"))
                .isZero();

        assertThat(comparison(0).path("experiment").path("objective").asText()).isEqualTo("p99=5ms");
        assertThat(comparison(1).path("experiment").path("objective").asText()).isEqualTo("p99=50ms");
    }

    @Test
    void overSeveralSeedsScoresAreGeometricMeans() throws IOException {
        double logs = 0;
        for (String seed : new String[] {"3", "4", "5"}) {
            assertThat(simulate("--policy", "remus.fixed", "--seed", seed, "--output", "json"))
                    .isZero();
            logs += Math.log(
                    comparison(0).path("bestRuns").get(0).path("scoreRatio").asDouble());
            out.getBuffer().setLength(0);
        }

        assertThat(simulate("--policy", "remus.fixed", "--seed", "3..5", "--output", "json"))
                .isZero();

        assertThat(comparison(0).path("bestRuns").get(0).path("scoreRatio").asDouble())
                .isCloseTo(Math.exp(logs / 3), within(1e-9));
        assertThat(comparison(0).path("experiment").path("runs").asInt()).isEqualTo(6);
    }

    @Test
    void withoutLullNothingIsSaidOfIt() {
        assertThat(simulate("--policy", "remus.fixed,plover.idle", "--output", "html"))
                .isZero();
        assertThat(out.toString()).doesNotContain("Lull", "lull/").contains("the best policy on the left");
        out.getBuffer().setLength(0);

        assertThat(simulate("--policy", "remus.fixed,plover.idle")).isZero();
        assertThat(out.toString()).doesNotContain("Lull");
    }

    @Test
    void whereTheOracleCanNotSeeTheWholeRunThereIsNone() throws IOException {
        assertThat(run(
                        "simulate",
                        "--workload",
                        "on-off",
                        "--seconds",
                        "11",
                        "--policy",
                        "lull,remus.fixed",
                        "--oracle"))
                .isZero();

        assertThat(out.toString())
                .contains("No oracle on on-off, which change over a longer time than it can look through:"
                        + " the best run of any policy is the ceiling there.");
    }

    @Test
    void workloadsMeasuredElsewhereTakePartByName() {
        assertThat(run(
                        "simulate",
                        "--workload",
                        "published",
                        "--cost",
                        "stopcont",
                        "--seconds",
                        "1",
                        "--policy",
                        "remus.fixed",
                        "--brief"))
                .isZero();

        assertThat(out.toString()).contains("remus-kernel-build", "redis-50", "nginx-download", "stop+cont");
    }

    @Test
    void workloadsAreDrawnFromTheSeedsThatAreNamed() {
        assertThat(run(
                        "simulate",
                        "--workload",
                        "drawn-3,drawn-8..9",
                        "--policy",
                        "remus.fixed",
                        "--seconds",
                        "1",
                        "--brief"))
                .isZero();

        assertThat(out.toString()).contains("drawn-3", "drawn-8", "drawn-9").doesNotContain("drawn-4");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --workload  | nothing           | no workload is named 'nothing'
                    --workload  | drawn-9..2        | names -6 workloads
                    --workload  | drawn-0..1000     | names 1001 workloads
                    --workload  | closed-4,closed-4 | two workloads are named 'closed-4'
                    --policy    | nobody            | no policy is named 'nobody'
                    --objective | p99=25            | objective 'p99=25' is not understood
                    --seconds   | 0                 | --seconds is 0
                    --threads   | 0                 | --threads is 0
                    --seed      | 5..1              | seed '5..1' is not understood
                    --seed      | 2,2               | a seed is named twice
                    --trace     | nothing.lullrec   | nothing.lullrec
                    --trace     | guest.pairs.gz    | NAME.dirtylog.gz
                    """)
    void whatIsWrongIsSaidInOneLine(String option, String value, String words) {
        assertThat(run("simulate", option, value)).isPositive();

        assertThat(err.toString()).startsWith("lull: ").contains(words);
        assertThat(err.toString().strip().lines()).hasSize(1);
    }

    private static JsonNode run(JsonNode comparison, String workload, String policy) {
        return StreamSupport.stream(comparison.path("bestRuns").spliterator(), false)
                .filter(run -> run.path("workload").asText().equals(workload)
                        && run.path("policy").asText().equals(policy))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode standing(JsonNode comparison, String policy) {
        return StreamSupport.stream(comparison.path("standings").spliterator(), false)
                .filter(standing -> standing.path("policy").asText().equals(policy))
                .findFirst()
                .orElseThrow();
    }

    private static double ratio(JsonNode one, JsonNode other, String pointer) {
        return one.at(pointer).asDouble() / other.at(pointer).asDouble();
    }

    private JsonNode comparison(int index) throws IOException {
        return new JsonMapper().readTree(out.toString()).path("comparisons").get(index);
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
