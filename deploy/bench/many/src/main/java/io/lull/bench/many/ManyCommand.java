package io.lull.bench.many;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures what one wild VM costs the others on the same pair of workers, and judges. */
@Command(
        name = "many.sh",
        mixinStandardHelpOptions = true,
        description =
                "Many VMs on one pair of workers, one of which turns wild. Exit code 1: a VM's p99 commit delay was"
                        + " more than twice its share.")
final class ManyCommand implements Callable<Integer> {
    @Option(names = "--vms", description = "how many VMs (default: ${DEFAULT-VALUE})")
    private int vms = 16;

    @Option(
            names = "--guests",
            description = "how many of them are real guests in a QEMU of their own (default: ${DEFAULT-VALUE})")
    private int guests = 2;

    @Option(names = "--ram", description = "MiB of each simulated VM (default: ${DEFAULT-VALUE})")
    private int ramMebibytes = 48;

    @Option(names = "--pages", description = "pages that a calm VM dirties in an epoch (default: ${DEFAULT-VALUE})")
    private int calmPages = 100;

    @Option(names = "--wild", description = "how many times as many a wild one does (default: ${DEFAULT-VALUE})")
    private int wildTimes = 100;

    @Option(names = "--interval", description = "ms from checkpoint to checkpoint (default: ${DEFAULT-VALUE})")
    private int intervalMillis = 25;

    @Option(names = "--rounds", description = "rounds of the three phases (default: ${DEFAULT-VALUE})")
    private int rounds = 4;

    @Option(names = "--seconds", description = "of each phase (default: ${DEFAULT-VALUE})")
    private int seconds = 10;

    @Option(
            names = "--apart",
            description = "for comparison: each VM with page workers of its own, and no turns among them")
    private boolean apart;

    @Option(names = "--seed", description = "of what the guests write (default: ${DEFAULT-VALUE})")
    private long seed = 20261129;

    @Option(names = "--directory", description = "for images, best in memory (default: ${DEFAULT-VALUE})")
    private Path directory = Path.of("/dev/shm");

    @Override
    public Integer call() throws IOException, InterruptedException {
        Setting setting =
                new Setting(vms, guests, ramMebibytes, calmPages, wildTimes, intervalMillis * 1_000_000L, apart, seed);
        try (ManyVms many = new ManyVms(setting, directory)) {
            Report report = new Report(setting, System.out);
            report.title();
            many.awaitProtected();
            many.warmUp();
            for (int round = 0; round < rounds; round++) {
                many.round(seconds);
            }
            return report.of(many.results(), many.spent()) ? 0 : 1;
        }
    }

    public static void main(String[] args) {
        System.exit(new CommandLine(new ManyCommand()).execute(args));
    }
}
