package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.producer.qemu.QmpClient;
import io.lull.producer.qemu.QmpException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The QEMU of tests that need one and no guest in it. */
final class TestQemu {
    /** The command line of a small machine that has nothing; what a test is about comes behind it. */
    static final List<String> MACHINE = List.of(
            "qemu-system-x86_64",
            "-M",
            "pc-i440fx-7.2",
            "-accel",
            "tcg",
            "-m",
            "8",
            "-nodefaults",
            "-no-user-config",
            "-display",
            "none",
            "-vga",
            "none");

    private TestQemu() {}

    /** Has a process stand still, or go on. */
    static void signal(ProcessHandle process, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** The monitor of one that is just starting. */
    static QmpClient connect(Process process, Path qmp) throws Exception {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try {
                return QmpClient.connect(qmp, event -> {}, Duration.ofSeconds(10));
            } catch (QmpException notYet) {
                assertThat(System.nanoTime()).isLessThan(deadlineNanos);
                assertThat(process.waitFor(20, TimeUnit.MILLISECONDS)).isFalse();
            }
        }
    }
}
