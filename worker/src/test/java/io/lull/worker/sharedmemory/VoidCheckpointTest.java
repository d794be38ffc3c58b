package io.lull.worker.sharedmemory;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.capture.CaptureException;
import io.lull.worker.qemu.Await;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Shared memory capture: the guest runs whatever goes wrong, and a checkpoint that may be wrong counts for nothing. */
@Timeout(60)
class VoidCheckpointTest {
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
    void otherMemoryThatTheGuestMayWriteToIsRefusedAndTheGuestRuns() throws Exception {
        vm.qemu.otherBlock = "0000:00:02.0/vga.vram";
        vm.start();

        assertThat(vm.failure()).isInstanceOf(CaptureException.class).hasMessageContaining("vga.vram", "-vga none");
        assertThat(vm.qemu.runs()).isTrue();
        assertThat(vm.calls).isEmpty();
    }

    @Test
    void aStreamThatStallsIsGivenUpAndTheGuestRuns() throws Exception {
        vm.qemu.sendsNothing = true;
        vm.start();
        Await.until("the guest is stopped", () -> !vm.qemu.runs());
        assertThat(vm.source.watchdog(1000)).isFalse();
        vm.nanos.set(1000);

        Await.until("it is given up", () -> vm.source.watchdog(1000));

        assertThat(vm.failure()).isInstanceOf(IOException.class);
        assertThat(vm.qemu.runs()).isTrue();
        assertThat(vm.qemu.commands).contains("migrate_cancel");
    }

    @Test
    void closingWhileTheOtherMemoryIsFetchedLetsTheGuestRun() throws Exception {
        vm.qemu.sendsNothing = true;
        vm.start();
        Await.until("the guest is stopped", () -> !vm.qemu.runs());

        vm.source.close();

        assertThat(vm.qemu.runs()).isTrue();
        assertThat(vm.end()).isEmpty();
    }

    @Test
    void devicesThatCanNotBeSavedMakeTheCheckpointVoidAndTheGuestRuns() throws Exception {
        vm.start();
        vm.checkpoint();
        vm.qemu.refusesToSave = true;
        vm.awaitPending();
        vm.source.pause();

        assertThat(vm.failure()).isInstanceOf(IOException.class).hasMessageContaining("xen-save-devices-state");
        assertThat(vm.calls).endsWith("pending", "paused");
        assertThat(vm.qemu.runs()).isTrue();
    }

    @Test
    void aGuestThatWasLetRunAndStoppedAgainInAPauseMakesTheCheckpointVoid() throws Exception {
        vm.start();
        vm.checkpoint();
        vm.inPause = () -> {
            vm.qemu.cont();
            vm.qemu.stop();
        };
        vm.awaitPending();
        vm.source.pause();

        assertThat(vm.failure()).isInstanceOf(CaptureException.class).hasMessageContaining("let run in the middle");
        assertThat(vm.calls).endsWith("pending", "paused");
        assertThat(vm.qemu.runs()).isTrue();
    }

    @Test
    void aCheckpointThatIsGivenUpCountsNoMore() throws Exception {
        vm.start();
        vm.checkpoint();
        vm.inPause = () -> {
            vm.nanos.set(5000);
            assertThat(vm.source.watchdog(5001)).isFalse();
            assertThat(vm.source.watchdog(5000)).isTrue();
            assertThat(vm.source.watchdog(5000)).as("once").isFalse();
            assertThat(vm.qemu.runs()).isTrue();
        };
        vm.awaitPending();
        vm.source.pause();

        assertThat(vm.failure()).isInstanceOf(CaptureException.class).hasMessageContaining("took too long");
        assertThat(vm.calls).endsWith("pending", "paused");
    }

    @Test
    void aDeviceThatIsPluggedInEndsTheSessionAndTheGuestRuns() throws Exception {
        vm.start();
        vm.checkpoint();
        vm.awaitPending();
        Await.until("the source has said so", () -> "pending".equals(vm.calls.get(vm.calls.size() - 1)));
        vm.qemu.devices.add("net1");
        vm.calls.clear();
        vm.source.pause();

        assertThat(vm.failure()).isInstanceOf(CaptureException.class).hasMessageContaining("net1");
        assertThat(vm.qemu.runs()).isTrue();
        assertThat(vm.calls).as("nothing counts that was captured with it").containsExactly("paused");
    }

    @Test
    void soDoesOneThatIsPluggedInWhileTheMemoryIsFirstCopied() throws Exception {
        vm.inLayout = () -> vm.qemu.devices.add("net1");
        vm.start();
        vm.awaitPending();
        vm.source.pause();

        assertThat(vm.failure()).isInstanceOf(CaptureException.class).hasMessageContaining("net1");
    }

    @Test
    void aGuestThatWasResetHasItsOtherMemoryFetchedAnewByTheNextSource() throws Exception {
        vm.start();
        vm.checkpoint();
        vm.awaitPending();
        vm.qemu.event("RESET");
        vm.source.pause();

        assertThat(vm.failure()).isInstanceOf(CaptureException.class).hasMessageContaining("reset");
        assertThat(vm.qemu.runs()).isTrue();
    }
}
