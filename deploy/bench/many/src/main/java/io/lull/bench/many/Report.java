package io.lull.bench.many;

import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Prints what was measured, and the verdict. */
final class Report {
    private static final double MILLI = 1e6;
    private static final double MEDIAN = 0.5;
    private static final double P99 = 0.99;

    private final Setting setting;
    private final PrintStream out;

    Report(Setting setting, PrintStream out) {
        this.setting = setting;
        this.out = out;
    }

    void title() {
        print(
                "%d VMs (%d real guests, the others simulated, of %d MiB) on one pair of workers, a checkpoint each %d ms, %d dirty pages an epoch; %s turns wild: %d%n%s%n",
                setting.vms(),
                setting.guests(),
                setting.ramMebibytes(),
                setting.intervalNanos() / 1_000_000,
                setting.calmPages(),
                BackupsMain.vm(Results.WILD_VM),
                setting.wildPages(),
                setting.apart() ? "each VM with page workers of its own" : "one pool of page workers");
    }

    /** Whether all VMs that stayed calm kept within the limit. */
    boolean of(Results results, Spent spent) {
        for (Phase phase : Phase.values()) {
            print(
                    "%-5s %8.0f pages/s; %.2f cores in the primary, %.2f in the backup%n",
                    phase,
                    results.pages(phase) * 1e9 / spent.of(phase).wallNanos(),
                    spent.of(phase).primaryCores(),
                    spent.of(phase).backupCores());
        }
        print("%ncommit delay, ms   calm p50   p99 | wild p50   p99 | even p50   p99 | wild/even  wild/calm  epochs%n");
        for (int vm = 0; vm < setting.vms(); vm++) {
            line(results, vm);
        }
        List<Verdict> verdicts = results.verdicts();
        Verdict worst = verdicts.stream()
                .max(Comparator.comparingDouble(Verdict::ofShare))
                .orElseThrow();
        boolean holds = verdicts.stream().allMatch(Verdict::holds);
        print(
                "%n%s: with %s wild no other VM's p99 may be more than %.0f times its share, which is its p99 when the same"
                        + " work is spread evenly; the worst is %s with %.2f times (%.2f times its p99 with all calm)%n",
                holds ? "HOLDS" : "VIOLATED",
                BackupsMain.vm(Results.WILD_VM),
                Verdict.LIMIT,
                BackupsMain.vm(worst.vm()),
                worst.ofShare(),
                worst.ofCalm());
        return holds;
    }

    private void line(Results results, int vm) {
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT, "%-18s", BackupsMain.vm(vm).value() + (setting.isReal(vm) ? " (real)" : "")));
        for (Phase phase : Phase.values()) {
            Delays delays = results.of(phase, vm);
            line.append(String.format(
                    Locale.ROOT, "%9.2f %6.2f |", delays.quantile(MEDIAN) / MILLI, delays.quantile(P99) / MILLI));
        }
        Verdict verdict =
                new Verdict(vm, results.p99(Phase.CALM, vm), results.p99(Phase.WILD, vm), results.p99(Phase.EVEN, vm));
        print(
                "%s %9.2f %10.2f  %d, %d, %d%n",
                line,
                verdict.ofShare(),
                verdict.ofCalm(),
                results.of(Phase.CALM, vm).count(),
                results.of(Phase.WILD, vm).count(),
                results.of(Phase.EVEN, vm).count());
    }

    private void print(String format, Object... values) {
        out.printf(Locale.ROOT, format, values);
    }
}
