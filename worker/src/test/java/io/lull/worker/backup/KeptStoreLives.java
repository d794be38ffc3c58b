package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.OnBackupLoss;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Lives of a backup, one after the other in one folder, and what each must find there. */
abstract class KeptStoreLives {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());

    @TempDir
    Path directory;

    final Random random = new Random(SEED);
    final TestVm vm = new TestVm(SEED);
    final Map<Long, byte[]> images = new HashMap<>();
    final Map<Long, byte[]> disks = new HashMap<>();
    int deaths;

    KeptStoreLives() {
        System.out.println(getClass().getSimpleName() + ": -Dlull.seed=" + SEED);
    }

    @AfterEach
    void stop() {
        vm.close();
    }

    KeptLife life() throws IOException {
        return new KeptLife(Files.createDirectories(directory.resolve("own")));
    }

    static void begin(KeptLife life, long firstEpoch) throws IOException {
        life.greet(TestVm.hello(firstEpoch, OnBackupLoss.HOLD_OUTPUT));
        life.layout(TestVm.LAYOUT);
    }

    List<Frame> epoch(long number) {
        List<Frame> frames = vm.epoch(number);
        images.put(number, vm.snapshot());
        disks.put(number, vm.disk.clone());
        return frames;
    }

    List<Frame> whole(long number) {
        List<Frame> frames = vm.whole(number);
        images.put(number, vm.snapshot());
        disks.put(number, vm.disk.clone());
        return frames;
    }

    void commit(KeptLife life, long first, long last) throws Exception {
        for (long number = first; number <= last; number++) {
            EpochLog complete = life.received(epoch(number));
            life.promise(complete);
            life.committer.commit(complete);
        }
        assertThat(life.committer.broken()).isEmpty();
    }

    void assertStandsAt(KeptLife again, long number, String when) throws IOException {
        assertThat(again.committer.committedEpoch()).as(when).isEqualTo(OptionalLong.of(number));
        assertThat(again.image()).as(when).isEqualTo(images.get(number));
        assertThat(again.disk()).as(when).isEqualTo(disks.get(number));
        assertThat(again.committer.basis().unfit()).as(when).isEmpty();
        assertThat(again.committer.sessions()).as(when).containsExactly(new UUID(1, 1));
    }

    /** Dies now, and is started again twice. */
    void assertResumesAt(KeptLife life, long number, String when) throws IOException {
        Path left = life.leftWhenKilledNow(directory.resolve("death-" + deaths++));
        for (String time : List.of("", ", and once more")) {
            try (KeptLife again = new KeptLife(left)) {
                if (number == 0) {
                    assertThat(again.committer.committedEpoch()).as(when).isEmpty();
                } else {
                    assertStandsAt(again, number, when + time);
                }
            }
        }
    }

    void assertAbsent(Path left, String when) throws Exception {
        try (KeptLife again = new KeptLife(left)) {
            assertThat(again.committer.committedEpoch()).as(when).isEmpty();
            assertThat(again.committer.image()).as(when).isEmpty();
            begin(again, 50);
            EpochLog first = again.received(vm.whole(50));
            again.promise(first);
            again.committer.commit(first);
            assertThat(again.image()).as(when + ": it starts from nothing").isEqualTo(vm.snapshot());
        }
    }
}
