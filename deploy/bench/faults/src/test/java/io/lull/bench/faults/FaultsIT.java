package io.lull.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.bench.faults.plan.Aim;
import io.lull.bench.faults.plan.FaultKind;
import io.lull.bench.faults.plan.Life;
import io.lull.bench.faults.plan.Phase;
import io.lull.bench.faults.plan.PlannedFault;
import io.lull.bench.faults.scene.ControlProcesses;
import io.lull.bench.faults.scene.Ground;
import io.lull.bench.faults.scene.Scene;
import io.lull.local.LocalOptions;
import io.lull.local.Removal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One life with a fence, in which all must hold, and one without, in which the campaign must find two speakers. */
@Tag("guest")
@Timeout(400)
class FaultsIT {
    private static final String RUN =
            Optional.ofNullable(System.getenv("LULL_RUN")).orElse("it");
    private static final Aim SOON = new Aim(300, Phase.COMMIT, 100);

    @TempDir
    private Path folder;

    private static LifeReport live(FaultKind kind, int lastsMillis, Scene.Guard guard, ControlProcesses control)
            throws IOException {
        Life life = new Life(0, List.of(new PlannedFault(kind, SOON, lastsMillis)), SOON);
        String vm = RUN + "-" + guard.name().charAt(0);
        LifeReport report = LifeRun.live(life, new Ground(root(), control, Optional.empty(), guard), vm);
        Removal.remove(root().resolve(".lull/run").resolve(vm));
        return report;
    }

    private static Path root() throws IOException {
        return LocalOptions.repositoryAbove(Path.of(""));
    }

    @Test
    void aFencedVmLosesNothingAndWithoutAFenceTwoSidesAreHeardToSpeak() throws Exception {
        try (ControlProcesses control = new ControlProcesses(root(), folder)) {
            LifeReport fenced = live(FaultKind.LINK_CUT, 1_000, Scene.Guard.FENCE, control);
            assertThat(fenced.violations()).isEmpty();
            assertThat(fenced.movedBy()).isPresent();

            LifeReport open = live(FaultKind.LINK_SILENT, 5_000, Scene.Guard.NOTHING, control);
            assertThat(open.violations()).anyMatch(found -> found.contains("two sides spoke"));
        }
    }
}
