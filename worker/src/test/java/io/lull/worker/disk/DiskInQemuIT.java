package io.lull.worker.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.qemu.Await;
import io.lull.worker.qemu.QemuProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real QEMU mirrors its disk to our server; what the log makes of it is compared with the disk byte for byte. */
@Tag("guest")
@Timeout(180)
class DiskInQemuIT {
    private static final int SIZE = 8 << 20;
    private static final long SEED = 4711;
    private static final int EPOCHS = 12;
    private static final int WRITES = 15;
    private static final int SECTOR = 512;

    private final ReplayedDisk disk = new ReplayedDisk(SIZE);
    private final WriteLog log = new WriteLog(disk, 1);
    private final List<String> losses = new CopyOnWriteArrayList<>();
    private final Random random = new Random(SEED);

    @TempDir
    Path directory;

    private Path raw;
    private NbdServer server;
    private QemuProcess qemu;
    private DiskMirror mirror;

    @BeforeEach
    void start() throws Exception {
        raw = directory.resolve("disk.raw");
        byte[] old = new byte[SIZE];
        random.nextBytes(old);
        Arrays.fill(old, SIZE / 4, SIZE / 2, (byte) 0);
        Files.write(raw, old);
        Path socket = directory.resolve("nbd");
        server = NbdServer.listen(socket, new NbdExport("disk", SIZE), log, reason -> {});
        qemu = QemuProcess.start(
                directory,
                "-S",
                "-drive",
                "if=none,id=d0,format=raw,discard=unmap,file=" + raw,
                "-device",
                "virtio-blk-pci,drive=d0");
        mirror = new DiskMirror(qemu, new MirrorSpec("m0", "d0", socket, "disk", Optional.empty()), losses::add);
    }

    @AfterEach
    void stop() throws IOException {
        qemu.close();
        server.close();
    }

    @Test
    void theLogReplayedEqualsTheDiskAtEveryCut() throws Exception {
        mirror.start();
        assertThat(mirror.awaitReady(30_000)).isTrue();
        cutAndCompare();
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            qemu.execute("cont", Map.of());
            for (int i = 0; i < WRITES; i++) {
                write();
            }
            cutAndCompare();
        }
        assertThat(log.counters().flushes()).isGreaterThan(0);
        mirror.close();
        assertThat(qemu.execute("query-block-jobs", Map.of())).isEmpty();
        assertThat(qemu.execute("query-named-block-nodes", Map.of()).toString()).doesNotContain("m0-target");
        assertThat(losses).isEmpty();
    }

    @Test
    void catchesAnEpochThatIsLeftOut() throws Exception {
        mirror.start();
        assertThat(mirror.awaitReady(30_000)).isTrue();
        cutAndCompare();
        io("write -P 0x5a 0 64k");
        log.cut(log.lastCut().epoch() + 1);
        EpochTotals totals = log.lastCut();
        assertThat(totals).isEqualTo(new EpochTotals(totals.epoch(), 1, 64 << 10, 0));
        assertThat(Arrays.mismatch(disk.image(), Files.readAllBytes(raw))).isNotNegative();
        disk.commit(totals.epoch());
        assertThat(Arrays.mismatch(disk.image(), Files.readAllBytes(raw))).isEqualTo(-1);
    }

    @Test
    void theCopyOfOldContentsMissesNoWriteMadeMeanwhile() throws Exception {
        mirror = new DiskMirror(
                qemu,
                new MirrorSpec(
                        "m0", "d0", directory.resolve("nbd"), "disk", Optional.of(new CopyLimit(4 << 20, 1 << 20))),
                losses::add);
        mirror.start();
        assertThat(mirror.state()).isEqualTo(MirrorState.COPYING);
        for (int i = 0; i < 2 * WRITES; i++) {
            write();
        }
        assertThat(mirror.awaitReady(60_000)).isTrue();
        cutAndCompare();
    }

    @Test
    void tellsThatTheDiskIsUnprotectedWhenTheServerDies() throws Exception {
        mirror.start();
        assertThat(mirror.awaitReady(30_000)).isTrue();
        server.close();
        io("write -P 0x77 0 4k");
        Await.until("the loss is told", () -> {
            mirror.poll();
            return !losses.isEmpty();
        });
        assertThat(mirror.state()).isEqualTo(MirrorState.FAILED);
        assertHolds(0, 4096, 0x77);
        mirror.close();
        assertThat(qemu.execute("query-named-block-nodes", Map.of()).toString()).doesNotContain("m0-target");
    }

    private void cutAndCompare() throws IOException {
        qemu.execute("stop", Map.of());
        log.cut(log.lastCut().epoch() + 1);
        EpochTotals totals = log.lastCut();
        assertThat(totals.inFlight()).isZero();
        List<ReplayedDisk.Entry> records = disk.commit(totals.epoch());
        assertThat(records).hasSize(Math.toIntExact(totals.records()));
        assertThat(records).allMatch(entry -> entry.epoch() == totals.epoch());
        assertThat(Arrays.mismatch(disk.image(), Files.readAllBytes(raw)))
                .as("first difference after epoch %d, seed %d", totals.epoch(), SEED)
                .isEqualTo(-1);
    }

    private void write() throws IOException {
        int length = SECTOR * (1 + random.nextInt(random.nextInt(5) == 0 ? 4000 : 100));
        int offset = SECTOR * random.nextInt((SIZE - length) / SECTOR + 1);
        String range = offset + " " + length;
        int pattern = 1 + random.nextInt(255);
        switch (random.nextInt(6)) {
            case 0 -> {
                io("write -z " + range);
                assertHolds(offset, length, 0);
            }
            case 1 -> io("discard " + range);
            case 2 -> {
                io("write -f -P 0 " + range);
                assertHolds(offset, length, 0);
            }
            default -> {
                io("write -P " + pattern + " " + range);
                assertHolds(offset, length, pattern);
            }
        }
    }

    private void assertHolds(int offset, int length, int pattern) throws IOException {
        byte[] expected = new byte[length];
        Arrays.fill(expected, (byte) pattern);
        assertThat(Arrays.equals(expected, Arrays.copyOfRange(Files.readAllBytes(raw), offset, offset + length)))
                .as("the disk has %d times %d at %d, seed %d", length, pattern, offset, SEED)
                .isTrue();
    }

    /** Runs one of qemu-io's commands, whose own words go to QEMU's output. */
    private void io(String command) throws IOException {
        assertThat(qemu.monitor("qemu-io d0 \"" + command + "\"")).isEmpty();
    }
}
