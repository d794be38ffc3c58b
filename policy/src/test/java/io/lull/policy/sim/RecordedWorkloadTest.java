package io.lull.policy.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.rival.Candidate;
import io.lull.policy.sim.Activity.Background;
import io.lull.policy.sim.Activity.Replay;
import io.lull.policy.sim.Activity.ReplayedBackground;
import io.lull.policy.sim.Activity.Requests;
import io.lull.policy.sim.Activity.Schedule;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** A guest is simulated and recorded, and its recording is replayed beside it under schedules that it has not seen. */
class RecordedWorkloadTest {
    private static final Percentage A_TENTH = Percentage.withPercentage(10);
    private static final DirtyModel PAGES = new PowerLawDirty(0, 400, 0.4, 60_000);
    private static final long MS = Runs.MILLI;

    @Test
    void clientsThatWaitWaitInTheReplayToo() {
        Workload original = Workload.of("closed", 1, PAGES, Requests.closedLoop(8, 1, 200_000));

        Workload replayed = replayOf(original, 25);

        Replay replay = (Replay) replayed.activities().get(0);
        assertThat(replay.waiting()).isTrue();
        assertThat(replay.course().mostClients()).isEqualTo(8);
        for (long millis : new long[] {10, 25, 60}) {
            double expected = requests(original, Runs.fixed(millis * MS));
            assertThat(requests(replayed, Runs.fixed(millis * MS)))
                    .as("every %d ms", millis)
                    .isCloseTo(expected, A_TENTH);
        }
        assertThat(requests(replayed, Runs.idleSlots(25 * MS)))
                .isCloseTo(requests(original, Runs.idleSlots(25 * MS)), Percentage.withPercentage(20));
    }

    @Test
    void clientsThatDontWaitAskWhenTheyAskedInTheRecording() {
        Workload original = Workload.of("open", 2, PAGES, Requests.openLoop(600, 40, 2, 300_000));

        Workload replayed = replayOf(original, 25);

        assertThat(((Replay) replayed.activities().get(0)).waiting()).isFalse();
        for (long millis : new long[] {10, 60}) {
            RunResult expected = run(original, Runs.fixed(millis * MS));
            RunResult result = run(replayed, Runs.fixed(millis * MS));
            assertThat(result.requestsPerSecond()).isCloseTo(expected.requestsPerSecond(), A_TENTH);
            assertThat((double) result.outputDelay().quantileNanos(0.5))
                    .isCloseTo(expected.outputDelay().quantileNanos(0.5), A_TENTH);
        }
    }

    @Test
    void aLoadThatComesAndGoesComesAndGoes() {
        Schedule half = new Schedule(500 * MS, 500 * MS, 0);
        Workload original = Workload.of(
                "on-off", 1, PAGES, Requests.closedLoop(8, 1, 200_000).scheduled(half));

        Course course = ((Replay) replayOf(original, 25).activities().get(0)).course();

        int busy = 0;
        int silent = 0;
        for (int second = 1; second < 5; second++) {
            busy += course.moment(course.indexAt(second * Runs.SECOND + 250 * MS))
                                    .clients()
                            == 8
                    ? 1
                    : 0;
            silent += course.moment(course.indexAt(second * Runs.SECOND + 800 * MS))
                                    .clients()
                            == 0
                    ? 1
                    : 0;
        }
        assertThat(busy).isEqualTo(4);
        assertThat(silent).isEqualTo(4);
    }

    @Test
    void framesOfDifferentSizesKeepThem() {
        Requests small = Requests.openLoop(300, 20, 1, 100_000).scheduled(new Schedule(500 * MS, 500 * MS, 0));
        Requests large = new Requests(
                new Schedule(500 * MS, 500 * MS, 500 * MS),
                small.clients(),
                1,
                small.service(),
                new Activity.Answer(4, 1_400));

        Course course = course(Workload.of("sizes", 1, PAGES, small, large));

        assertThat(course.moment(course.indexAt(2_250 * MS)).packetBytes()).isEqualTo(400);
        assertThat(course.moment(course.indexAt(2_250 * MS)).answerPackets()).isEqualTo(1);
        assertThat(course.moment(course.indexAt(2_750 * MS)).packetBytes()).isEqualTo(1_400);
        assertThat(course.moment(course.indexAt(2_750 * MS)).answerPackets()).isEqualTo(4);
    }

    @Test
    void whatComputesBesideTheRequestsDoesSoInTheReplay() {
        Workload original = Workload.of(
                "mixed", 2, PAGES, Requests.openLoop(200, 40, 1, 300_000), new Background(Schedule.ALWAYS, 1));

        Workload replayed = replayOf(original, 25);

        assertThat(((ReplayedBackground) replayed.activities().get(1)).counted())
                .isTrue();
        SimSettings settings = Runs.seconds(5);
        Progress all = Simulation.unprotected(replayed, CostModel.kvm(), settings, 1);
        assertThat(all.answers() / 5).isCloseTo(200, A_TENTH);
        assertThat(run(replayed, Runs.fixed(25 * MS)).backgroundRatio())
                .isCloseTo(run(original, Runs.fixed(25 * MS)).backgroundRatio(), A_TENTH);
    }

    @Test
    void aGuestThatSendsNothingOnlyComputes() {
        Workload replayed = replayOf(Workload.of("cpu", 1, PAGES, new Background(Schedule.ALWAYS, 1)), 25);

        assertThat(replayed.activities()).hasSize(1).first().isInstanceOf(ReplayedBackground.class);
        assertThat(Simulation.unprotected(replayed, CostModel.kvm(), Runs.seconds(5), 1)
                        .backgroundRatio(new Progress(new long[1], new double[1], new double[] {5e9})))
                .isCloseTo(1, Percentage.withPercentage(5));
    }

    @Test
    void pagesAreThoseOfTheRecordingAtOtherIntervalsToo() {
        Workload original = Workload.of("cpu", 1, PAGES, new Background(Schedule.ALWAYS, 1));
        Workload replayed = replayOf(original, 25);

        for (long millis : new long[] {10, 25, 60}) {
            assertThat(run(replayed, Runs.fixed(millis * MS)).dirtyPagesPerCheckpoint())
                    .as("every %d ms", millis)
                    .isCloseTo(
                            run(original, Runs.fixed(millis * MS)).dirtyPagesPerCheckpoint(),
                            Percentage.withPercentage(15));
        }
    }

    @Test
    void whereTheRecordingCanNotTellWhoWaitsBothAreReplayed() {
        // The server never rests, so nobody is ever seen to do nothing but wait.
        Workload saturated = Workload.of("full", 1, PAGES, Requests.closedLoop(100, 1, 400_000));
        RecordedRun run = RecordedRun.of(saturated, CostModel.kvm(), 25 * MS, 3);

        assertThat(RecordedWorkload.of("full", run.samples, run.reports))
                .extracting(Workload::name)
                .containsExactly("full-open", "full-waiting");
    }

    @Test
    void withoutReportsThereAreNoPagesAndNoWorkload() {
        RecordedRun run = RecordedRun.of(
                Workload.of("r", 1, PAGES, Requests.closedLoop(2, 1, 200_000)), CostModel.kvm(), 25 * MS, 1);

        assertThatThrownBy(() -> RecordedWorkload.of("r", run.samples, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("r has 1000 samples and 0 epoch reports")
                .hasMessageContaining("record a protected VM");
    }

    private static Workload replayOf(Workload original, long intervalMillis) {
        RecordedRun run = RecordedRun.of(original, CostModel.kvm(), intervalMillis * MS, 6);
        List<Workload> replays = RecordedWorkload.of("replay", run.samples, run.reports);
        assertThat(replays).hasSize(1);
        return replays.get(0);
    }

    private static Course course(Workload original) {
        return ((Replay) replayOf(original, 25).activities().get(0)).course();
    }

    private static double requests(Workload workload, Candidate candidate) {
        return run(workload, candidate).requestsPerSecond();
    }

    private static RunResult run(Workload workload, Candidate candidate) {
        return Simulation.run(workload, CostModel.kvm(), candidate, Runs.seconds(5), Runs.SEED);
    }
}
