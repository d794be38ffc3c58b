package io.lull.bench.faults.scene;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.bench.faults.check.Speakers;
import io.lull.bench.faults.plan.Aim;
import io.lull.local.Await;
import io.lull.local.FlakyLink;
import io.lull.local.GuestSpec;
import io.lull.local.Intents;
import io.lull.local.LocalOptions;
import io.lull.local.LocalStack;
import io.lull.local.ManagedProcess;
import io.lull.local.Removal;
import io.lull.local.Surroundings;
import io.lull.local.WarmGuest;
import io.lull.local.scenario.LoadClient;
import io.lull.policy.ReplicationEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A protected guest under load, with all that watches it. */
public final class Scene implements AutoCloseable {
    /** Key that the clients count on. */
    public static final String KEY = "lull:faults";

    private static final String GUEST =
            "g.run=redis,nginx,integrity g.integrity=8:1:2000 g.web=4 g.data=/dev/vda g.aof=always";
    /** A guest of 128 MiB is gone round within about a second. */
    private static final int VERIFY_PAGES_PER_SECOND = 32_768;

    private static final int CLIENT_SECONDS = 3_600;
    private static final long DOWNLOAD_BYTES_PER_SECOND = 200_000;

    private static final int IMAGE_MEBIBYTES = 448;
    /** Half as much again as the disk. */
    private static final int DISK_MEBIBYTES = 24;

    private static final int LONGEST_EPOCH_MILLIS = 25;
    private static final long SERVED_LIMIT_MILLIS = 60_000;
    private static final int SERVED_REPLIES = 20;
    private static final Set<String> MOVED = Set.of("RUNNING", "TAKEN_OVER");

    private final ControlProcesses control;
    private final ControlProcesses.HostClocks clocks;
    private final FlakyLink link;
    private final SmallMemory memory;
    private final SmallMemory disk;
    private final LocalStack stack;
    private final GuestWatch watch;
    private final ManagedProcess taps;
    private final LoadClient incr;
    private final LoadClient download;

    /**
     * Brings everything up; returns when the VM is protected under its clients' load, with a standby, and they are served,
     * or when the VM has moved already, because the machine is so busy that its primary was silent for too long.
     */
    public Scene(Ground ground, String name) throws IOException {
        this.control = ground.control();
        this.clocks = control.hostClocks();
        control.rightClocks();
        this.link = new FlakyLink();
        Guard guard = ground.guard();
        LocalOptions options = options(ground.root(), name, primary(link.port(), guard), guard.backup);
        this.memory = new SmallMemory(Path.of("/dev/shm/lull-" + name), IMAGE_MEBIBYTES);
        this.disk = new SmallMemory(Path.of("/dev/shm/lull-" + name + "-disk"), DISK_MEBIBYTES);
        try {
            this.stack = LocalStack.start(
                    options,
                    new Surroundings(
                            Optional.of(control.access()),
                            clocks::command,
                            ground.guest(),
                            Optional.of(disk.folder()),
                            GuestSpec.OnFull.STOP));
        } catch (IOException | RuntimeException e) {
            disk.close();
            memory.close();
            link.close();
            throw e;
        }
        try {
            String backup = stack.backupAddress();
            link.leadTo(Integer.parseInt(backup.substring(backup.lastIndexOf(':') + 1)));
            this.watch = stack.own(new GuestWatch(stack.primarySeat().observerQmp(), folder().resolve("events.log")));
            stack.control().intend(Intents.lull(name, LONGEST_EPOCH_MILLIS));
            this.taps = stack.own(
                    stack.clientProcess("taps", List.of(TapWatch.class.getName()), folder().resolve("taps.log")));
            this.incr = LoadClient.incr(stack, CLIENT_SECONDS, KEY);
            stack.protect();
            long before = incr.replies();
            Await.until("clients are served", SERVED_LIMIT_MILLIS, () -> incr.replies() > before + SERVED_REPLIES);
            Await.until("there is a standby", SERVED_LIMIT_MILLIS, () -> standbyReady() || moved());
            // Not earlier: it is to last through the faults.
            this.download = LoadClient.download(stack, "/big", DOWNLOAD_BYTES_PER_SECOND);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** What keeps two sides from speaking. */
    public enum Guard {
        /** The fence, as by default. */
        FENCE(Map.of(), Map.of()),
        /** Nothing: to see that a campaign finds out. */
        NOTHING(Map.of("fence", "none", "onBackupLoss", "go-on-unprotected"), Map.of("fence", "unsafe-no-fence"));

        private final Map<String, Object> primary;
        private final Map<String, Object> backup;

        Guard(Map<String, Object> primary, Map<String, Object> backup) {
            this.primary = primary;
            this.backup = backup;
        }
    }

    /** Boots a guest like those of all lives, for them to go on from. */
    public static WarmGuest boot(Path root, String name, ControlProcesses control, Path folder) throws IOException {
        LocalOptions options = options(root, name, Map.of(), Map.of());
        WarmGuest guest = WarmGuest.boot(options, control.access(), folder);
        Removal.remove(options.folder());
        return guest;
    }

    private static LocalOptions options(
            Path root, String name, Map<String, Object> primary, Map<String, Object> backup) {
        return new LocalOptions(root, name, 1, GUEST, primary, backup, true);
    }

    private static Map<String, Object> primary(int linkPort, Guard guard) {
        Map<String, Object> overrides = new HashMap<>(guard.primary);
        overrides.put("backup.address", "127.0.0.1:" + linkPort);
        overrides.put("pipeline.verifyPagesPerSecond", VERIFY_PAGES_PER_SECOND);
        return overrides;
    }

    /** Where everything is written. */
    public Path folder() {
        return stack.options().folder();
    }

    LocalStack stack() {
        return stack;
    }

    ControlProcesses.HostClocks clocks() {
        return clocks;
    }

    FlakyLink link() {
        return link;
    }

    SmallMemory memory() {
        return memory;
    }

    SmallMemory disk() {
        return disk;
    }

    ControlProcesses control() {
        return control;
    }

    /** The guest's pauses. */
    public GuestWatch watch() {
        return watch;
    }

    /** Waits for a moment; false when its epoch did not come. */
    public boolean await(Aim aim) throws IOException {
        return watch.await(aim);
    }

    /** The client that counts. */
    public LoadClient incr() {
        return incr;
    }

    /** The client that downloads {@code /big}. */
    public LoadClient download() {
        return download;
    }

    /** Pages of its image that the backup's process has verified so far; 0 when it does not answer. */
    public long verifiedPages() {
        return stack.statusOf("backup")
                .map(status -> status.path("verifiedPages").asLong())
                .orElse(0L);
    }

    /** Whether the backup runs the VM. */
    public boolean moved() {
        return stack.statusOf("backup")
                .map(status -> MOVED.contains(status.path("failover").asText()))
                .orElse(false);
    }

    private boolean standbyReady() {
        return stack.statusOf("backup")
                .map(status -> status.path("standby").asText().equals("READY"))
                .orElse(false);
    }

    /** The epochs that the primary's worker has committed so far, while it says that the VM is protected, by a standby. */
    Optional<Long> committedWhileProtected() {
        Optional<JsonNode> primary = stack.statusOf("primary");
        if (primary.isEmpty() || !primary.get().path("state").asText().equals("PROTECTED") || !standbyReady()) {
            return Optional.empty();
        }
        return Optional.of(primary.get().path("committedEpochs").asLong());
    }

    /** Whether the primary's worker follows a plan of the job's. */
    boolean planned() {
        return stack.statusOf("primary")
                .map(status -> status.path("control").asText().equals("PLANNED"))
                .orElse(false);
    }

    /** What came from either VM, so far. */
    public List<Speakers.Heard> heard() throws IOException {
        return TapWatch.heard(taps.log());
    }

    /** What both consoles say. */
    public String consoles() throws IOException {
        return stack.console() + standbyConsole();
    }

    /** What the VM has said since the backup runs it. */
    public String standbyConsole() throws IOException {
        Path console = stack.standbySeat().console();
        return Files.exists(console) ? Files.readString(console, StandardCharsets.ISO_8859_1) : "";
    }

    /** The primary's host is lost: QEMU and worker at once. */
    public void loseHost() throws IOException {
        ManagedProcess.killAtOnce(List.of(stack.qemu(), stack.primaryWorker()));
    }

    /** Whether an event of this kind was published in this life. */
    public boolean saw(ReplicationEvent.Kind kind) {
        return stack.observed().saw(kind, 0);
    }

    /** How many INCR are on the disk that survived; only once this is closed. */
    public long incrementsOnDisk() throws IOException {
        return SurvivingDisk.increments(folder().resolve("backup.raw"), KEY);
    }

    @Override
    public void close() throws IOException {
        memory.close();
        stack.close();
        disk.close();
        link.close();
    }
}
