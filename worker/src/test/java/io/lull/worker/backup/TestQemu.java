package io.lull.worker.backup;

import java.util.List;

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
}
