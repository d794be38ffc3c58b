package io.lull.bench.faults;

import io.lull.bench.faults.LifeReport.Fallen;
import io.lull.bench.faults.check.Speakers;
import io.lull.bench.faults.check.Violations;
import io.lull.bench.faults.plan.Aim;
import io.lull.bench.faults.plan.Life;
import io.lull.bench.faults.plan.Phase;
import io.lull.bench.faults.plan.PlannedFault;
import io.lull.bench.faults.scene.Ground;
import io.lull.bench.faults.scene.GuestWatch;
import io.lull.bench.faults.scene.Injector;
import io.lull.bench.faults.scene.Scene;
import io.lull.bench.faults.scene.Supervisor;
import io.lull.local.Await;
import io.lull.local.client.DownloadReport;
import io.lull.local.client.IncrReport;
import io.lull.policy.ReplicationEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One life: faults fall, the VM is protected again or moves, and in the end what was seen is judged. */
final class LifeRun {
    private static final long SETTLE_LIMIT_MILLIS = 60_000;
    /**
     * Both ends of a connection that begins while output is held take that for its round trip: after 13 s of it they send again what a
     * host's loss took with it some 43 s later. Then the download goes on for 20 s.
     */
    private static final long CLIENT_LIMIT_MILLIS = 120_000;

    private static final long AFTER_LIMIT_MILLIS = 30_000;
    private static final int REPLIES_AFTER = 20;
    /** The watchdog's 2 s, and what a busy machine adds. */
    private static final long PAUSE_LIMIT_NANOS = 4_000_000_000L;

    /** What a VM is moved by that moved before any fault fell. */
    private static final String UNASKED = "unasked";

    private static final Pattern MD5 = Pattern.compile("MD5 big=([0-9a-f]{32})");

    private final Life life;
    private final Scene scene;
    private final Violations violations = new Violations();
    private final List<Fallen> fallen = new ArrayList<>();
    private Optional<String> movedBy = Optional.empty();
    private long verifiedPages;

    private LifeRun(Life life, Scene scene) {
        this.life = life;
        this.scene = scene;
    }

    /** Has a VM of this name live it. */
    static LifeReport live(Life life, Ground ground, String vm) throws IOException {
        long sinceNanos = System.nanoTime();
        Scene scene = new Scene(ground, vm);
        long readyMillis = (System.nanoTime() - sinceNanos) / 1_000_000;
        return new LifeRun(life, scene).run(sinceNanos, readyMillis);
    }

    private LifeReport run(long sinceNanos, long readyMillis) throws IOException {
        IncrReport replies;
        try (Scene owned = scene) {
            live();
            replies = judge(owned);
        }
        long onDisk = scene.incrementsOnDisk();
        violations.require(
                onDisk >= replies.last(),
                "redis had acknowledged INCR number " + replies.last() + ", and the disk has " + onDisk);
        violations.require(
                onDisk <= replies.last() + 1,
                "the disk has " + onDisk + " INCR, and the client sent " + (replies.last() + 1) + " at most");
        return new LifeReport(
                life.number(),
                fallen,
                movedBy,
                verifiedPages,
                replies.replies(),
                replies.maxGapMillis(),
                readyMillis,
                (System.nanoTime() - sinceNanos) / 1_000_000,
                violations.all());
    }

    private void live() throws IOException {
        lookForVerified();
        if (scene.moved()) {
            movedBy = Optional.of(UNASKED);
        } else {
            faults();
        }
        if (movedBy.isEmpty()) {
            loseHost();
        }
        if (movedBy.isPresent()) {
            afterwards();
        }
    }

    private void faults() throws IOException {
        Supervisor supervisor = new Supervisor(scene);
        try (Injector injector = new Injector(scene)) {
            for (PlannedFault fault : life.faults()) {
                boolean downloading = scene.download().process().alive();
                Optional<String> phase = fall(injector, fault);
                long mendedNanos = System.nanoTime();
                Supervisor.End end = supervisor.settle(SETTLE_LIMIT_MILLIS);
                fallen.add(new Fallen(
                        fault.kind().label(),
                        phase,
                        downloading,
                        end == Supervisor.End.MOVED,
                        (System.nanoTime() - mendedNanos) / 1_000_000));
                if (end == Supervisor.End.MOVED) {
                    movedBy = Optional.of(fault.kind().label());
                    return;
                }
                lookForVerified();
                violations.require(
                        end != Supervisor.End.NEITHER,
                        SETTLE_LIMIT_MILLIS + " ms after " + fault + " the VM is neither protected nor moved");
                violations.require(
                        end != Supervisor.End.UNPLANNED,
                        SETTLE_LIMIT_MILLIS + " ms after " + fault + " the VM is protected by the safe interval alone");
            }
        }
    }

    /** Has it fall and end; the phase in which it fell. */
    private Optional<String> fall(Injector injector, PlannedFault fault) throws IOException {
        Injector.Harm harm = injector.prepare(fault);
        boolean aimed = scene.await(fault.aim());
        GuestWatch.Moment before = scene.watch().now();
        harm.strike().now();
        boolean inPause = before.isInOnePauseUntil(scene.watch().now());
        Await.pass(fault.lastsMillis());
        harm.mend().now();
        return phase(fault.aim(), aimed, inPause);
    }

    /** A pause is known from both its ends; where in an epoch that runs a fault has fallen is known no better than aimed. */
    private static Optional<String> phase(Aim aim, boolean aimed, boolean inPause) {
        boolean fell = aim.phase() == Phase.PAUSE ? inPause : aimed;
        return fell ? Optional.of(aim.phase().name()) : Optional.empty();
    }

    /** A backup that was started again has begun anew. */
    private void lookForVerified() {
        verifiedPages = Math.max(verifiedPages, scene.verifiedPages());
    }

    private void loseHost() throws IOException {
        scene.await(life.hostLoss());
        scene.loseHost();
        Supervisor.End end = new Supervisor(scene).settle(AFTER_LIMIT_MILLIS);
        if (end == Supervisor.End.MOVED) {
            movedBy = Optional.of("host-lost");
        }
        violations.require(end == Supervisor.End.MOVED, "the host was lost, and the backup did not take over");
    }

    /** The VM lives where it is now: clients are answered, and its memory is what it was. */
    private void afterwards() throws IOException {
        long before = scene.incr().replies();
        violations.require(
                happens(() -> scene.incr().replies() > before + REPLIES_AFTER),
                "the moved VM does not answer its client");
        violations.require(
                happens(() -> scene.standbyConsole().contains("CHECK ")),
                "the moved VM's integrity workload did not pass over its memory in time");
    }

    private static boolean happens(Await.Condition condition) throws IOException {
        long end = System.nanoTime() + AFTER_LIMIT_MILLIS * 1_000_000;
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                return false;
            }
            Await.pass(50);
        }
        return true;
    }

    private IncrReport judge(Scene seen) throws IOException {
        DownloadReport file = seen.download().report(DownloadReport.class, CLIENT_LIMIT_MILLIS);
        seen.incr().process().signal("TERM");
        IncrReport replies = seen.incr().report(IncrReport.class, CLIENT_LIMIT_MILLIS);
        violations.require(replies.alive(), "the client's connection died");
        violations.require(replies.lost() == 0, "INCR lost: " + replies.lost());
        violations.require(replies.doubled() == 0, "INCR doubled: " + replies.doubled());
        violations.require(
                file.whole() && file.md5().equals(md5(seen.consoles())),
                "the download is not what the guest serves: " + file);
        violations.add(Speakers.judge(seen.heard()));
        violations.add(seen.watch().judge(PAUSE_LIMIT_NANOS));
        violations.require(!seen.consoles().contains("CORRUPT"), "the guest found its memory corrupt");
        violations.require(
                !seen.saw(ReplicationEvent.Kind.VERIFY_FAILED),
                "the backup's image differed from the primary's memory");
        violations.require(verifiedPages > 0, "not one page of the backup's image was verified");
        return replies;
    }

    private static String md5(String console) {
        Matcher matcher = MD5.matcher(console);
        return matcher.find() ? matcher.group(1) : "not on the console";
    }
}
