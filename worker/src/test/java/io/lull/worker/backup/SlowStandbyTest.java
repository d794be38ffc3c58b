package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.protocol.Layout;
import io.lull.worker.protocol.RamBlock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A standby may take as long as it likes for a large guest's memory, as long as it takes something in. */
@Timeout(60)
class SlowStandbyTest {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final StandbyOptions OPTIONS = new StandbyOptions(true, 0, 1, 5 * SECOND_NANOS, SECOND_NANOS);
    private static final int RAM_PAGES = 2048;
    private static final Layout LAYOUT = new Layout(
            3,
            ByteBuffer.wrap(new byte[] {7, 0, 0, 0, 2, 'p', 'c'}),
            List.of(
                    new RamBlock("pc.bios", 4096),
                    new RamBlock("pc.ram", RAM_PAGES * 4096L),
                    new RamBlock(Layout.DEVICE_STATE_BLOCK, 1 << 20)));

    @TempDir
    Path directory;

    private final AtomicLong clock = new AtomicLong();
    private final CompletableFuture<HotStandby> follower = new CompletableFuture<>();

    /** Each write takes some seconds of the test's clock, and somebody looks after each. */
    private final class Slow extends PlayedStandby {
        private final int secondsPerWrite;
        private long bytes;

        Slow(int secondsPerWrite) {
            this.secondsPerWrite = secondsPerWrite;
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            for (int i = 0; i < secondsPerWrite; i++) {
                clock.addAndGet(SECOND_NANOS);
                follower.join().checkProgress();
            }
            if (!isAlive()) {
                throw new IOException("ended");
            }
            int length = from.remaining();
            from.position(from.limit());
            bytes += length;
            return length;
        }
    }

    private CompletableFuture<Standby> handedOver(Slow standby) throws IOException {
        try (CommittedImage image =
                CommittedImage.create(directory.resolve("image"), new ImageTag(new UUID(1, 1), TestVm.ID, LAYOUT), 0)) {
            for (int page = 0; page < RAM_PAGES; page++) {
                image.memory().view(page).putLong(0, page + 1L);
            }
            try (HotStandby made = new HotStandby(image, () -> standby, OPTIONS, new BackupListener() {}, clock::get)) {
                follower.complete(made);
                CompletableFuture<Standby> given = made.handOver(ByteBuffer.allocate(10));
                given.handle((ok, failure) -> Optional.empty())
                        .orTimeout(30, TimeUnit.SECONDS)
                        .join();
                return given;
            }
        }
    }

    @Test
    void oneThatIsSlowIsFilledHoweverLongThatTakes() throws Exception {
        Slow slow = new Slow(2);

        assertThat(handedOver(slow).get()).isSameAs(slow);

        assertThat(slow.isAlive()).isTrue();
        assertThat(slow.bytes).isGreaterThan(RAM_PAGES * 4096L);
        assertThat(clock.get()).as("in all").isGreaterThan(10 * OPTIONS.writeLimitNanos());
    }

    @Test
    void oneThatTakesInNothingForTheLimitIsEnded() throws Exception {
        Slow stuck = new Slow(10);
        CompletableFuture<Standby> given = handedOver(stuck);

        assertThatThrownBy(given::get).hasMessageContaining("no standby process can be filled");
        assertThat(stuck.isAlive()).isFalse();
    }
}
