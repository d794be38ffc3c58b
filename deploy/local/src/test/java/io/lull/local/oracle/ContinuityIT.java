package io.lull.local.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.local.Await;
import io.lull.local.GuestSpec;
import io.lull.local.GuestSpec.Seat;
import io.lull.local.ManagedProcess;
import io.lull.local.scenario.CounterSequence;
import io.lull.worker.backup.FailoverReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client of the guest's serial port that gets nothing before its commit can't tell that hosts were lost: what it read up
 * to the committed epoch and what the restored guest sends is one sequence. Each restored guest is the next primary.
 */
@Tag("guest")
@Timeout(400)
class ContinuityIT {
    private static final int KILLS = Integer.getInteger("lull.continuity.kills", 10);
    private static final int MIN_RUN_MILLIS = 200;
    private static final int MAX_RUN_MILLIS = 1_500;
    /** 60 lines, one each 5 ms: 300 ms of the restored guest's time. */
    private static final int LINES_AFTER_A_KILL = 60;

    private static final int THREADS = 2;
    private static final long BOOT_MILLIS = 120_000;
    private static final long LIMIT_MILLIS = 30_000;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final List<Long> resumeNanos = new ArrayList<>();
    private int hot;
    private int controls;
    private int controlsFlagged;

    @TempDir
    Path directory;

    private Owned owned;

    @BeforeEach
    void begin() throws IOException {
        owned = new Owned();
    }

    @AfterEach
    void end() throws Exception {
        owned.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void serialOutputIsOneSequenceOverKillsInARow(int vcpus) throws Exception {
        System.out.printf("Continuity, %d vCPU: seed %d%n", vcpus, seed);
        GuestSpec guest = new GuestSpec(
                GuestImage.require(),
                vcpus,
                GuestSpec.RAM_KIB,
                "g.run=integrity g.integrity=8:" + THREADS + ":4000 g.counter=/dev/ttyS1",
                Optional.empty());
        Seat seat = Seat.in(Files.createDirectory(directory.resolve("g0")), Optional.empty(), Optional.empty());
        ProtectedGuest.Running running = boot(guest, seat);
        ByteArrayOutputStream released = new ByteArrayOutputStream();
        for (int kill = 1; kill <= KILLS; kill++) {
            Path image = owned.memory().resolve("image" + kill);
            ProtectedGuest now = owned.own(new ProtectedGuest(guest, directory.resolve("g" + kill), image, running));
            now.awaitProtected();
            // Any moment of any epoch will do, so this is no synchronisation.
            TimeUnit.MICROSECONDS.sleep(
                    1_000L * MIN_RUN_MILLIS + random.nextInt(1_000 * (MAX_RUN_MILLIS - MIN_RUN_MILLIS)));
            FailoverReport report = now.killAndTakeOver(running.process());
            noted(report);
            awaitLines(now.standby());
            check(released, running, now, report.epoch());
            assertThat(Consoles.text(now.standby())).doesNotContain("CORRUPT");
            running = now.takenOver();
            seat = now.standby();
        }
        awaitPasses(seat);
        released.write(Files.readAllBytes(seat.counter()));
        assertThat(CounterSequence.fault(released.toByteArray())).isEmpty();
        print(vcpus, released.size());
        assertThat(controls).as("kills whose epoch before had another size").isGreaterThanOrEqualTo(KILLS / 2);
        assertThat(controlsFlagged).isEqualTo(controls);
    }

    private ProtectedGuest.Running boot(GuestSpec guest, Seat seat) throws IOException {
        ManagedProcess qemu =
                owned.own(ManagedProcess.start("qemu", guest.primaryCommand(seat), directory.resolve("qemu.log")));
        Await.until("the guest is ready", BOOT_MILLIS, () -> Consoles.isReady(seat, qemu));
        return new ProtectedGuest.Running(ProcessHandle.of(qemu.pid()).orElseThrow(), seat.qmp(), seat.counter());
    }

    private void noted(FailoverReport report) {
        resumeNanos.add(report.decisionToResumeNanos());
        hot += report.hot() ? 1 : 0;
    }

    private static void awaitLines(Seat seat) throws IOException {
        Await.until(
                "the restored guest goes on counting",
                LIMIT_MILLIS,
                () -> Files.size(seat.counter()) >= (long) LINES_AFTER_A_KILL * CounterSequence.LINE_BYTES);
    }

    /** Adds what the killed guest had sent up to its last commit, and looks at the seam; then at a wrong seam. */
    private void check(ByteArrayOutputStream released, ProtectedGuest.Running killed, ProtectedGuest now, long epoch)
            throws IOException {
        byte[] before = Files.readAllBytes(killed.counter());
        byte[] after = Files.readAllBytes(now.standby().counter());
        byte[] soFar = released.toByteArray();
        Optional<Integer> wrong = now.sizes().before(epoch);
        if (wrong.isPresent()) {
            controls++;
            controlsFlagged += CounterSequence.fault(joined(soFar, before, wrong.get(), after))
                            .isPresent()
                    ? 1
                    : 0;
        }
        int size = now.sizes().at(epoch);
        assertThat(CounterSequence.fault(joined(soFar, before, size, after)))
                .as("after epoch %d, %d of %d bytes released, seed %d", epoch, size, before.length, seed)
                .isEmpty();
        released.write(before, 0, size);
    }

    private static byte[] joined(byte[] soFar, byte[] before, int size, byte[] after) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(soFar);
        all.writeBytes(Arrays.copyOf(before, size));
        all.writeBytes(after);
        return all.toByteArray();
    }

    /** Each thread of the integrity workload goes over all of its pages once more and finds them right. */
    private static void awaitPasses(Seat seat) throws IOException {
        for (int thread = 0; thread < THREADS; thread++) {
            int each = thread;
            long already = Consoles.checks(seat, each);
            Await.until("a full pass of thread " + each, LIMIT_MILLIS, () -> Consoles.checks(seat, each) > already);
        }
        assertThat(Consoles.text(seat)).doesNotContain("CORRUPT");
    }

    private void print(int vcpus, int bytes) {
        List<Long> sorted = resumeNanos.stream().sorted().toList();
        System.out.printf(
                "Continuity, %d vCPU: %d kills, %d hot; one sequence of %d lines; seams moved by one epoch: %d, flagged"
                        + " %d; decision to running guest p50 %.1f ms, max %.1f ms%n",
                vcpus,
                sorted.size(),
                hot,
                bytes / CounterSequence.LINE_BYTES,
                controls,
                controlsFlagged,
                sorted.get(sorted.size() / 2) / 1e6,
                sorted.get(sorted.size() - 1) / 1e6);
    }
}
