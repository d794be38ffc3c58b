package io.lull.worker.sharedmemory;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.capture.CaptureException;
import io.lull.worker.capture.SourceState;
import io.lull.worker.qemu.Await;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Shared memory capture: what is handed on, and when an order is taken. */
@Timeout(60)
class SharedMemorySourceTest {
    @TempDir
    Path folder;

    private SourceOnPlayedQemu vm;

    @BeforeEach
    void make() throws Exception {
        vm = new SourceOnPlayedQemu(folder);
    }

    @AfterEach
    void end() throws Exception {
        vm.close();
    }

    @Test
    void handsOnAllMemoryFirstAndThenWhatChanged() throws Exception {
        vm.qemu.write(3, 1);
        vm.start();
        vm.awaitPending();
        assertThat(vm.initial).hasSize(PlayedQemu.RAM_PAGES + PlayedQemu.OTHER_PAGES);
        assertThat(vm.initial).containsEntry(3, 1).containsEntry(4, 0);
        assertThat(vm.initial).containsEntry(PlayedQemu.RAM_PAGES, 0).containsEntry(PlayedQemu.RAM_PAGES + 1, 9);
        int state = PlayedQemu.RAM_PAGES + PlayedQemu.OTHER_PAGES;

        vm.checkpoint();
        assertThat(vm.last)
                .hasSize(SourceOnPlayedQemu.STATE_PAGES)
                .containsEntry(state, 7)
                .containsEntry(state + 1, 0);

        vm.qemu.write(7, 5);
        vm.qemu.write(250, 6);
        vm.checkpoint();
        assertThat(vm.last)
                .hasSize(2 + SourceOnPlayedQemu.STATE_PAGES)
                .containsEntry(7, 5)
                .containsEntry(250, 6);

        vm.qemu.write(7, 5);
        vm.checkpoint();
        assertThat(vm.last).as("written, and as it was").hasSize(SourceOnPlayedQemu.STATE_PAGES);
        Await.until("the source is ready", () -> "pending".equals(vm.calls.get(vm.calls.size() - 1)));
        assertThat(vm.calls.subList(0, 2)).containsExactly("layout of 3", "initial 2");
        assertThat(vm.calls).endsWith("pending", "paused", "resumed", "pending");
        assertThat(vm.qemu.runs()).isTrue();
    }

    @Test
    void whoWatchesKnowsOfEachStopBeforeQemuDoesAndOfEachResumeAfterIt() throws Exception {
        vm.start();
        vm.checkpoint();

        Await.until("the guest runs", () -> vm.told.size() == 4);
        assertThat(vm.told).containsExactly("stops, runs true", "runs true", "stops, runs true", "runs true");
    }

    @Test
    void noOrderIsTakenWhileAnOperatorHasTheGuestStopped() throws Exception {
        vm.start();
        vm.awaitPending();
        vm.qemu.stop();

        assertThat(vm.source.pause()).isFalse();
        assertThat(vm.source.state()).isEqualTo(SourceState.PENDING);
        vm.qemu.cont();
        vm.checkpoint();
    }

    @Test
    void aGuestThatDoesNotRunIsLeftAlone() throws Exception {
        vm.qemu.stop();
        vm.start();

        assertThat(vm.failure()).isInstanceOf(CaptureException.class).hasMessageContaining("does not run (paused)");
        assertThat(vm.qemu.commands).doesNotContain("stop", "cont", "migrate");
        assertThat(vm.told).isEmpty();
    }
}
