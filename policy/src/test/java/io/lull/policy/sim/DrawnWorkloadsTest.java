package io.lull.policy.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.Targets;
import io.lull.policy.sim.Activity.Background;
import io.lull.policy.sim.Activity.Bulk;
import io.lull.policy.sim.Activity.Habit;
import io.lull.policy.sim.Activity.Requests;
import io.lull.policy.sim.Activity.Schedule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DrawnWorkloadsTest {
    private static final long MS = 1_000_000;
    private static final List<Workload> MANY = DrawnWorkloads.from(1, 2_000);

    private static <A extends Activity> List<A> all(Class<A> kind) {
        List<A> found = new ArrayList<>();
        for (Workload workload : MANY) {
            workload.activities().stream()
                    .filter(kind::isInstance)
                    .map(kind::cast)
                    .forEach(found::add);
        }
        return found;
    }

    @Test
    void aSeedIsOneWorkload() {
        for (long seed : new long[] {0, 1, -7, Long.MAX_VALUE}) {
            assertThat(DrawnWorkloads.of(seed)).isEqualTo(DrawnWorkloads.of(seed));
        }
        assertThat(DrawnWorkloads.from(40, 3))
                .containsExactly(DrawnWorkloads.of(40), DrawnWorkloads.of(41), DrawnWorkloads.of(42));
    }

    @Test
    void itIsTheSameInEveryRun() {
        Workload second = DrawnWorkloads.of(2);

        assertThat(second.name()).isEqualTo("drawn-2");
        assertThat(second.vcpus()).isEqualTo(2);
        assertThat(second.activities()).hasSize(3).hasOnlyElementsOfType(Requests.class);
        Requests thinking = (Requests) second.activities().get(0);
        assertThat(thinking.clients().count()).isEqualTo(3);
        assertThat(thinking.service().meanNanos()).isBetween(81_900L, 81_940L);
        assertThat(thinking.clients().thinkNanos()).isBetween(4_732_000L, 4_734_000L);
    }

    @Test
    void anotherSeedIsAnotherOne() {
        Set<Object> guests = new HashSet<>();
        Set<Object> dirty = new HashSet<>();
        for (Workload workload : MANY) {
            guests.add(workload.activities());
            dirty.add(workload.dirty());
        }

        assertThat(guests).hasSizeGreaterThan(MANY.size() * 9 / 10);
        assertThat(dirty).hasSameSizeAs(MANY);
        assertThat(MANY.stream().map(Workload::name)).doesNotHaveDuplicates();
    }

    @Test
    void guestsHaveOneToThreeActivitiesAndUpTo24Vcpus() {
        assertThat(MANY).allSatisfy(workload -> {
            assertThat(workload.vcpus()).isIn(1, 2, 4, 8, 24);
            assertThat(workload.activities()).hasSizeBetween(1, 3);
            assertThat(workload.signals()).isEqualTo(Workload.ORDINARY);
        });
        assertThat(MANY.stream().map(Workload::vcpus)).contains(1, 2, 4, 8, 24);
        assertThat(MANY.stream().map(workload -> workload.activities().size())).contains(1, 2, 3);
    }

    @Test
    void guestsDirtyWhatGuestsAreKnownToDirty() {
        assertThat(MANY).allSatisfy(workload -> {
            PowerLawDirty dirty = (PowerLawDirty) workload.dirty();
            assertThat(dirty.pagesAtTenMillis()).isBetween(100.0, 4_000.0);
            assertThat(dirty.exponentRatio()).isBetween(0.2, 0.6);
            assertThat(dirty.floorPages()).isBetween(20.0, 150.0);
            assertThat(dirty.mostPages()).isBetween(20_000.0, 300_000.0);
        });
    }

    @Test
    void serversAreWithinTheirRange() {
        List<Requests> closed =
                all(Requests.class).stream().filter(DrawnWorkloadsTest::waits).toList();
        List<Requests> open =
                all(Requests.class).stream().filter(r -> !waits(r)).toList();

        assertThat(all(Requests.class)).allSatisfy(requests -> {
            assertThat(requests.service().meanNanos()).isBetween(30_000L, 2 * MS);
            assertThat(requests.workers()).isBetween(1, 24);
            assertThat(requests.clients().count()).isBetween(1, 200);
        });
        assertThat(closed).allSatisfy(requests -> {
            assertThat(requests.clients().thinkNanos())
                    .satisfiesAnyOf(
                            n -> assertThat(n).isZero(), n -> assertThat(n).isBetween(MS, 50 * MS));
            assertThat(requests.service().diskNanos())
                    .satisfiesAnyOf(
                            n -> assertThat(n).isZero(), n -> assertThat(n).isBetween(200_000L, 8 * MS));
        });
        assertThat(open).allSatisfy(requests -> assertThat(
                        requests.clients().ratePerSecond() * requests.service().meanNanos() / 1e9 / requests.workers())
                .as("load")
                .isBetween(0.049, 0.801));
        assertThat(closed)
                .anyMatch(r -> r.clients().thinkNanos() > 0)
                .anyMatch(r -> r.clients().thinkNanos() == 0);
        assertThat(closed)
                .anyMatch(r -> r.service().diskNanos() > 0)
                .anyMatch(r -> r.service().diskNanos() == 0);
        assertThat(open)
                .anyMatch(r -> r.clients().habit() == Habit.ASKS)
                .anyMatch(r -> r.clients().habit() == Habit.LISTENS);
        assertThat(closed)
                .anyMatch(r -> r.clients().count() < 4)
                .anyMatch(r -> r.clients().count() > 150);
    }

    @Test
    void noServerHasMoreWorkersNorALoadMoreThreadsThanThereAreVcpus() {
        assertThat(MANY).allSatisfy(workload -> assertThat(workload.activities())
                .allSatisfy(activity -> assertThat(hands(activity)).isBetween(1, workload.vcpus())));
    }

    private static int hands(Activity activity) {
        if (activity instanceof Requests requests) {
            return requests.workers();
        }
        return activity instanceof Background background ? background.threads() : 1;
    }

    @Test
    void transfersAreWithinTheirRangeAndGoBothWays() {
        assertThat(all(Bulk.class))
                .allSatisfy(bulk -> {
                    assertThat(bulk.flows()).isBetween(1, 8);
                    assertThat(bulk.windowBytes()).isBetween(64 << 10, 1 << 20);
                })
                .anyMatch(Bulk::outbound)
                .anyMatch(bulk -> !bulk.outbound());
    }

    @Test
    void sixActivitiesOfTenAlwaysGoOnAndTheOthersForMillisecondsToSeconds() {
        List<Activity> activities = all(Activity.class);
        long always = activities.stream()
                .filter(activity -> activity.schedule().equals(Schedule.ALWAYS))
                .count();

        assertThat(always / (double) activities.size()).isBetween(0.55, 0.65);
        assertThat(activities.stream().map(Activity::schedule).filter(schedule -> !schedule.equals(Schedule.ALWAYS)))
                .allSatisfy(schedule -> {
                    assertThat(schedule.onNanos()).isBetween(10 * MS, 2_000 * MS);
                    assertThat(schedule.offNanos()).isBetween(10 * MS, 2_000 * MS);
                    assertThat(schedule.offsetNanos()).isBetween(0L, 4_000 * MS);
                });
    }

    @Test
    void halfOfTheActivitiesOfAKindAreBelowTheMiddleOfItsLogarithm() {
        double below = 0;
        List<Requests> requests = all(Requests.class);
        for (Requests some : requests) {
            below += some.service().meanNanos() < Math.sqrt(30_000.0 * 2 * MS) ? 1 : 0;
        }

        assertThat(below / requests.size()).isBetween(0.45, 0.55);
    }

    @Test
    void allOfThemCanBeProtected() {
        SimSettings settings = SimSettings.DEFAULT.lasting(50 * MS, 200 * MS);
        for (Workload workload : DrawnWorkloads.from(1, 60)) {
            RunResult result = Trial.run(
                    workload, CostModel.kvm(), Trial.lull(100 * MS, Targets.outputDelay(25 * MS)), settings, 1);

            assertThat(result.checkpointsPerSecond()).as(workload.name()).isPositive();
        }
    }
}
