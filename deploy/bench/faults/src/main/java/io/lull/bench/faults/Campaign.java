package io.lull.bench.faults;

import io.lull.bench.faults.plan.Life;
import io.lull.bench.faults.plan.Lives;
import io.lull.bench.faults.scene.ControlProcesses;
import io.lull.bench.faults.scene.Ground;
import io.lull.bench.faults.scene.Scene;
import io.lull.local.Removal;
import io.lull.local.WarmGuest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Has lives lived, one after the other in each of some lanes, and keeps what became of them. */
final class Campaign {
    /** A campaign in which so many lives could not be judged is given up: the machine is not fit for it. */
    private static final int MAX_BROKEN = 10;

    private final Lives drawn;
    private final Settings settings;
    private final Consumer<String> out;
    private final AtomicLong next;
    private final List<LifeReport> reports = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();

    /**
     * What a campaign is made of.
     *
     * @param root the repository
     * @param name that the VMs' names begin with
     * @param guard what keeps two sides from speaking
     * @param cold whether each guest boots, where they go on from one that has booted otherwise
     * @param first number of the first life
     * @param lives how many
     * @param lanes how many at a time; each lane has a broker and a job of its own, since faults befall those too
     * @param stopFile once it exists no further life begins
     */
    record Settings(
            Path root,
            String name,
            Scene.Guard guard,
            boolean cold,
            long first,
            long lives,
            int lanes,
            Optional<Path> stopFile) {}

    Campaign(Lives drawn, Settings settings, Consumer<String> out) {
        this.drawn = drawn;
        this.settings = settings;
        this.out = out;
        this.next = new AtomicLong(settings.first());
    }

    /** Lives all of them. */
    void run() throws IOException {
        List<Thread> lanes = new ArrayList<>();
        for (int number = 0; number < settings.lanes(); number++) {
            Path folder = folder("-control" + number);
            Thread lane = new Thread(() -> lane(folder), "lane-" + number);
            lane.start();
            lanes.add(lane);
        }
        for (Thread lane : lanes) {
            try {
                lane.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    private void lane(Path folder) {
        try {
            Removal.remove(folder);
            try (ControlProcesses control = new ControlProcesses(settings.root(), folder)) {
                Ground ground = new Ground(settings.root(), control, guest(control, folder), settings.guard());
                for (long number = next.getAndIncrement(); goesOn(number); number = next.getAndIncrement()) {
                    live(drawn.draw(number), ground);
                }
            }
            Removal.remove(folder);
        } catch (IOException | RuntimeException e) {
            broke("a lane ended: " + e + "; logs: " + folder);
        }
    }

    private Optional<WarmGuest> guest(ControlProcesses control, Path folder) throws IOException {
        if (settings.cold()) {
            return Optional.empty();
        }
        Path warm = folder.resolve("guest");
        String name = settings.name() + "-" + Thread.currentThread().getName();
        return Optional.of(Scene.boot(settings.root(), name, control, warm));
    }

    private synchronized boolean goesOn(long number) {
        return number < settings.first() + settings.lives()
                && broken.size() < MAX_BROKEN
                && settings.stopFile().filter(Files::exists).isEmpty();
    }

    private void live(Life life, Ground ground) {
        Path folder = folder(String.valueOf(life.number()));
        try {
            LifeReport report = LifeRun.live(life, ground, settings.name() + life.number());
            lived(report);
            if (report.violations().isEmpty()) {
                Removal.remove(folder);
            } else {
                out.accept("      planned: " + life.faults() + "; logs and disks: " + folder);
            }
        } catch (IOException | RuntimeException e) {
            broke(life.number() + " " + life.faults() + ": " + e + "; logs: " + folder);
        }
    }

    private Path folder(String suffix) {
        return settings.root().resolve(".lull/run/" + settings.name() + suffix);
    }

    private synchronized void lived(LifeReport report) {
        reports.add(report);
        out.accept(report.text());
    }

    private synchronized void broke(String why) {
        broken.add(why);
        out.accept("BROKEN " + why);
    }

    /** All that came of it. */
    synchronized Summary summary(long seed) {
        return new Summary(seed, reports, broken);
    }
}
