package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that has read all of the device state runs the VM: what becomes of one that fails just then. */
@Timeout(60)
class HotStandbyTest {
    private static final StandbyOptions OPTIONS = new StandbyOptions(true, 3, 1, 60_000_000_000L, 1_000_000_000L);
    /** No other write has this size. */
    private static final int DEVICE_STATE_BYTES = 4_321;

    private static final long LIMIT_SECONDS = 30;

    @TempDir
    Path directory;

    private final Deque<Taking> launched = new ArrayDeque<>();
    private final Queue<HotStandby.State> states = new ConcurrentLinkedQueue<>();
    private CommittedImage image;

    /** Takes in all of its memory, and then its device state in its own way. */
    private static class Taking extends PlayedStandby {
        @Override
        public int write(ByteBuffer from) throws IOException {
            int length = from.remaining();
            if (length == DEVICE_STATE_BYTES) {
                takeDeviceState();
            }
            from.position(from.limit());
            return length;
        }

        /** Does. */
        void takeDeviceState() throws IOException {}
    }

    @BeforeEach
    void makeImage() throws IOException {
        image = CommittedImage.create(
                directory.resolve("image"), new ImageTag(new UUID(1, 1), TestVm.ID, TestVm.LAYOUT), 0);
    }

    @AfterEach
    void closeImage() throws IOException {
        image.close();
    }

    private HotStandby with(Taking... processes) {
        launched.addAll(List.of(processes));
        BackupListener listener = new BackupListener() {
            @Override
            public void standby(HotStandby.State state, String why) {
                states.add(state);
            }
        };
        return new HotStandby(image, launched::remove, OPTIONS, listener, System::nanoTime);
    }

    private static CompletableFuture<Standby> handOver(HotStandby from) {
        return from.handOver(ByteBuffer.allocate(DEVICE_STATE_BYTES)).orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void oneThatDiesWhileItTakesTheDeviceStateIsEndedAndNoOtherIsGivenIt() {
        Taking dying = new Taking() {
            @Override
            void takeDeviceState() throws IOException {
                throw new IOException("broken pipe");
            }
        };
        Taking other = new Taking();
        try (HotStandby standby = with(dying, other)) {
            assertThatThrownBy(handOver(standby)::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("broken pipe");

            assertThat(dying.isAlive()).isFalse();
            assertThat(launched).as("not started").containsExactly(other);
            standby.withdraw();
        }
        assertThat(states).contains(HotStandby.State.FAILED).doesNotContain(HotStandby.State.HANDED_OVER);
    }

    @Test
    void oneWhoseDeviceStateCantBeSentForWantOfMemoryIsEndedToo() {
        Taking starved = new Taking() {
            @Override
            void takeDeviceState() {
                throw new OutOfMemoryError("says the test");
            }
        };
        try (HotStandby standby = with(starved)) {
            assertThatThrownBy(handOver(standby)::get).hasCauseInstanceOf(OutOfMemoryError.class);

            assertThat(starved.isAlive()).isFalse();
        }
        assertThat(states).contains(HotStandby.State.FAILED);
    }

    @Test
    void oneThatCantBeEndedThenIsNotTakenForGone() {
        Taking immortal = new Taking() {
            @Override
            void takeDeviceState() throws IOException {
                throw new IOException("its monitor hangs");
            }

            @Override
            public void withdraw() {
                throw new IllegalStateException("can't be ended, says the test");
            }
        };
        try (HotStandby standby = with(immortal)) {
            assertThatThrownBy(handOver(standby)::get).hasMessageContaining("its monitor hangs");

            assertThatThrownBy(standby::withdraw).hasMessageContaining("could not be ended");
        }
    }

    @Test
    void oneThatWasHandedOverOutlivesItsFillingAndIsEndedOnlyByAWithdrawal() throws Exception {
        Taking taken = new Taking();
        HotStandby standby = with(taken);
        assertThat(handOver(standby).get()).isSameAs(taken);

        standby.close();
        assertThat(taken.isAlive()).isTrue();

        standby.withdraw();
        assertThat(taken.isAlive()).isFalse();
    }

    @Test
    void oneThatDiesBeforeIsReplacedAndTheNextIsHandedOver() throws Exception {
        Taking next = new Taking();
        Taking dead = new Taking();
        dead.withdraw();
        try (HotStandby standby = with(dead, next)) {
            assertThat(handOver(standby).get()).isSameAs(next);
        }
        assertThat(states).contains(HotStandby.State.PAUSING, HotStandby.State.HANDED_OVER);
    }
}
