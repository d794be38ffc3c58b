package io.lull.policy.fence;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.fence.World.Side;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every order in which the steps of the sides may come, within limits; and that the check would find a fault. */
class FenceModelTest {
    private static final int MAX_WORLDS = 5_000_000;

    /** What a search found: how many worlds, the way to a wrong one, and what was reached at all. */
    private record Found(
            int worlds, List<World> way, boolean taken, boolean passed, boolean secondPassed, boolean takenBack) {}

    private static Found search(FenceModel model, boolean secondRun) {
        World first = World.initial(secondRun);
        Map<World, Optional<World>> cameFrom = new HashMap<>(Map.of(first, Optional.empty()));
        Deque<World> open = new ArrayDeque<>(List.of(first));
        boolean taken = false;
        boolean passed = false;
        boolean secondPassed = false;
        boolean takenBack = false;
        while (!open.isEmpty()) {
            World world = open.removeFirst();
            if (world.wrong().isPresent()) {
                return new Found(cameFrom.size(), way(world, cameFrom), taken, passed, secondPassed, takenBack);
            }
            taken |= world.backup().side() == Side.RUNNING;
            passed |= world.primary().passing();
            takenBack |= world.old().isPresent() && world.backup().side() == Side.RUNNING;
            secondPassed |= world.second().passing();
            for (World next : model.next(world)) {
                if (cameFrom.putIfAbsent(next, Optional.of(world)) == null) {
                    open.addLast(next);
                }
            }
            assertThat(cameFrom.size()).as("worlds; lower the limits").isLessThan(MAX_WORLDS);
        }
        return new Found(cameFrom.size(), List.of(), taken, passed, secondPassed, takenBack);
    }

    private static List<World> way(World to, Map<World, Optional<World>> cameFrom) {
        List<World> way = new ArrayList<>();
        Optional<World> at = Optional.of(to);
        while (at.isPresent()) {
            way.add(at.get());
            at = cameFrom.getOrDefault(at.get(), Optional.empty());
        }
        Collections.reverse(way);
        return way;
    }

    @ParameterizedTest
    @CsvSource({
        "2, 3, 0, 1, false, false, false",
        "2, 2, 1, 1, false, false, false",
        "2, 2, 0, 2, false, false, false",
        "1, 2, 0, 1, true, false, false",
        "2, 2, 0, 1, false, true, false",
        "2, 3, 0, 1, false, false, true",
        "2, 2, 1, 1, false, false, true",
        "2, 2, 0, 2, false, false, true",
        "1, 2, 0, 1, true, false, true",
        "2, 2, 0, 1, false, true, true"
    })
    void neverDoTwoSidesSpeakNorIsAnImageRunThatClientsHaveSeenPast(
            int sessions, int openings, int crashes, int backups, boolean secondRun, boolean heirs, boolean ahead) {
        FenceModel model = new FenceModel(
                new FenceModel.Limits(sessions, openings, crashes, backups, heirs, ahead),
                new Arbiter(true),
                true,
                true);
        Found found = search(model, secondRun);
        System.out.println(found.worlds() + " worlds");

        assertThat(found.way()).isEmpty();
        assertThat(found.taken()).as("a backup took over in some").isTrue();
        assertThat(found.passed()).as("the primary went alone in some").isTrue();
        assertThat(found.secondPassed()).as("a second run was first in some").isEqualTo(secondRun);
        assertThat(found.takenBack())
                .as("a VM that was taken was taken back in some")
                .isEqualTo(heirs);
    }

    @Test
    void anArbiterThatLetsAnOvertakenClaimCommitIsFoundOut() {
        FenceModel model =
                new FenceModel(new FenceModel.Limits(2, 3, 0, 1, false, true), new Arbiter(false), true, true);
        assertThat(search(model, false).way()).isNotEmpty();
    }

    @Test
    void aPrimaryThatGivesUpTooLateIsFoundOut() {
        FenceModel model =
                new FenceModel(new FenceModel.Limits(2, 3, 0, 1, false, true), new Arbiter(true), false, true);
        assertThat(search(model, false).way()).isNotEmpty();
    }

    @Test
    void outputThatDoesNotWaitForTheRecordOfItsBackupIsFoundOut() {
        FenceModel model =
                new FenceModel(new FenceModel.Limits(2, 2, 0, 2, false, true), new Arbiter(true), true, false);
        assertThat(search(model, false).way()).isNotEmpty();
    }
}
