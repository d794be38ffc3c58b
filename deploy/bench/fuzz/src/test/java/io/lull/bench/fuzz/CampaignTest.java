package io.lull.bench.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.bench.fuzz.parser.Target;
import io.lull.bench.fuzz.parser.TargetKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A short campaign as part of every build; `fuzz.sh` runs the long ones. */
@Timeout(300)
class CampaignTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final long INPUTS = 200_000;
    /** Replayed first by everyone who changes a parser: inputs that once broke a rule, a folder for each target. */
    private static final Path REGRESSIONS = Path.of("src/test/resources/regressions");

    @TempDir
    Path folder;

    @Test
    void noParserBreaksARule() throws Exception {
        System.out.println("CampaignTest: -Dlull.seed=" + SEED);
        Campaign campaign = new Campaign(settings(), Subject.of(Arrays.asList(TargetKind.values()), INPUTS));

        Campaign.Result result = campaign.run();

        assertThat(result.violations())
                .as(() -> "seed " + SEED + ": "
                        + result.violations().stream()
                                .map(v -> v.kind() + " " + v.target() + " " + v.what())
                                .toList())
                .isEmpty();
        assertThat(result.inputs()).isGreaterThanOrEqualTo(INPUTS);
    }

    @ParameterizedTest
    @EnumSource(TargetKind.class)
    void inputsThatOnceBrokeARuleDoSoNoMore(TargetKind kind) throws Exception {
        Path found = REGRESSIONS.resolve(kind.label());
        if (!Files.isDirectory(found)) {
            return;
        }
        try (Stream<Path> files = Files.list(found)) {
            for (Path file : files.toList()) {
                Subject subject = new Subject(kind.label(), 1, kind::open);
                assertThat(Campaign.repeat(subject, Files.readAllBytes(file), settings()))
                        .as(file.toString())
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TargetKind.class)
    void theSameSeedMakesTheSameInputs(TargetKind kind) throws Exception {
        try (Target target = kind.open(Files.createDirectories(folder.resolve("same")))) {
            Mutations one = new Mutations(target, 7);
            Mutations two = new Mutations(target, 7);
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 200; i++) {
                byte[] input = one.next();
                assertThat(two.next()).isEqualTo(input);
                seen.add(Arrays.toString(input));
            }
            assertThat(seen).as("different ones of 200").hasSizeGreaterThan(150);
        }
    }

    private Campaign.Settings settings() {
        return new Campaign.Settings(SEED, 2, HangWatch.LIMIT_NANOS, folder);
    }
}
