package io.lull.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.local.GuestSpec.Seat;
import io.lull.local.LocalConfigs.Place;
import io.lull.local.kafka.ControlAccess;
import io.lull.local.kafka.ControlPlane;
import io.lull.policy.ReplicationEvent;
import io.lull.worker.status.StatusClient;
import io.lull.worker.status.StatusSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The whole of Lull on one machine: control plane in this JVM or elsewhere, a guest, its primary and backup workers as
 * processes. Everything that was started is ended by {@link #close}, in reverse.
 */
public final class LocalStack implements AutoCloseable {
    private static final long BOOT_LIMIT_MILLIS = 120_000;
    private static final long PROTECT_LIMIT_MILLIS = 90_000;
    private static final Duration STATUS_LIMIT = Duration.ofSeconds(2);
    private static final long START_LIMIT_MILLIS = 60_000;

    private final LocalOptions options;
    private final Surroundings surroundings;
    private final StackFolder files;
    private final LocalDisks disks;
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    /** Ctrl-C ends the JVM, not the stack: without this the network and the image in memory would stay. */
    private final Thread hook = new Thread(this::interrupted, "lull-local-close");

    private final Optional<ControlPlane> plane;
    private final ControlAccess control;
    private final LocalConfigs.Addresses addresses;
    private final Observed observed;
    private final LocalNetwork network;
    private final GuestSpec guest;
    private final Seat primarySeat;
    private final ManagedProcess qemu;
    private ManagedProcess backupWorker;
    private Optional<ManagedProcess> primaryWorker = Optional.empty();

    private LocalStack(LocalOptions options, Surroundings surroundings) throws IOException {
        this.options = options;
        this.surroundings = surroundings;
        this.files = new StackFolder(options);
        this.disks = new LocalDisks(options, surroundings);
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            files.make();
            LocalConfigs.certificates(options);
            this.network = own(LocalNetwork.up(options.root(), options.name()));
            this.guest = new GuestSpec(
                    options.guest(),
                    options.vcpus(),
                    GuestSpec.RAM_KIB,
                    "g.ip=" + GuestSpec.ADDRESS + "/24 g.gw=10.9.0.1 " + options.kernelOptions(),
                    Optional.empty(),
                    surroundings.onFull());
            this.primarySeat = Seat.in(files.folder("primary"), Optional.of(disks.primary()), Optional.of("tap0"));
            List<String> command = surroundings
                    .guest()
                    .map(warm -> guest.restoredCommand(primarySeat, warm.state()))
                    .orElseGet(() -> guest.primaryCommand(primarySeat));
            this.qemu = own(ManagedProcess.start("qemu", beforeUs(network.inside(command)), files.log("qemu")));
            this.plane = surroundings.control().isPresent()
                    ? Optional.empty()
                    : Optional.of(own(ControlPlane.start(options.folder())));
            this.control = surroundings.control().orElseGet(() -> plane().access());
            this.addresses = LocalConfigs.Addresses.of(control.bootstrapServers());
            this.observed = own(Observed.follow(control.tails()));
            awaitBoot();
            disks.backup();
            this.backupWorker = own(startBackup());
            awaitBackup();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Starts everything but the primary worker: the guest runs, unprotected. */
    public static LocalStack start(LocalOptions options) throws IOException {
        return start(options, Surroundings.NONE);
    }

    /** The same but for what comes from elsewhere. */
    public static LocalStack start(LocalOptions options, Surroundings surroundings) throws IOException {
        Removal.remove(options.folder());
        return new LocalStack(options, surroundings);
    }

    /** Starts the primary worker and returns when the VM is protected. */
    public void protect() throws IOException {
        long sinceMicros = System.currentTimeMillis() * 1000;
        ManagedProcess worker = own(startPrimary());
        primaryWorker = Optional.of(worker);
        Await.until("the VM is protected; the primary says: " + worker.log(), PROTECT_LIMIT_MILLIS, () -> {
            if (!worker.alive()) {
                throw new IOException("the primary worker ended: " + worker.tail(5));
            }
            return observed.saw(ReplicationEvent.Kind.PROTECTED, sinceMicros);
        });
    }

    /** Starts the primary worker again, after its end, as whoever supervises it would. */
    public ManagedProcess restartPrimary() throws IOException {
        ManagedProcess worker = own(startPrimary());
        primaryWorker = Optional.of(worker);
        return worker;
    }

    /** Starts the backup worker again, after its end; returns when it listens. */
    public void restartBackup() throws IOException {
        backupWorker = own(startBackup());
        awaitBackup();
    }

    private void awaitBackup() throws IOException {
        Await.until("the backup listens", START_LIMIT_MILLIS, () -> statusOf("backup")
                .isPresent());
    }

    private void awaitBoot() throws IOException {
        if (surroundings.guest().isPresent()) {
            WarmGuest.awaitRestored(primarySeat);
            return;
        }
        Await.until("the guest is ready; its console: " + primarySeat.console(), BOOT_LIMIT_MILLIS, () -> {
            if (!qemu.alive()) {
                throw new IOException("QEMU ended: " + qemu.tail(5));
            }
            return console().contains("READY ");
        });
    }

    /** What the guest has printed on its console. */
    public String console() throws IOException {
        return surroundings.guest().map(WarmGuest::console).orElse("") + StackFolder.text(primarySeat.console());
    }

    private ManagedProcess startPrimary() throws IOException {
        Place place = Place.PRIMARY;
        return worker(place.run(), "primary", LocalConfigs.primary(options, place, primarySeat, addresses));
    }

    /** Starts a worker's process. */
    ManagedProcess worker(String run, String verb, Path config) throws IOException {
        List<String> command = Jvm.lull(files.temporary(), List.of(verb, "--config", config.toString()));
        return ManagedProcess.start(run, beforeUs(surroundings.launcher().command(run, command)), files.log(run));
    }

    /** Gives a command more of the cores than this JVM has: broker and Flink are no load of a VM's host elsewhere. */
    private static List<String> beforeUs(List<String> command) {
        List<String> all = new ArrayList<>(List.of("nice", "-n", "-5"));
        all.addAll(command);
        return all;
    }

    private ManagedProcess startBackup() throws IOException {
        Seat standby = standbySeat();
        Place place = Place.BACKUP;
        return worker(
                place.run(),
                "backup",
                LocalConfigs.backup(options, place, standbyCommand(standby), standby, addresses));
    }

    /** The command line of a standby of this guest, inside the test network. */
    List<String> standbyCommand(Seat standby) {
        return network.inside(guest.standbyCommand(standby));
    }

    /** What a worker says of itself; empty when it does not answer. */
    public Optional<JsonNode> statusOf(String worker) {
        Path socket = LocalConfigs.runDir(options, worker).resolve(StatusSocket.NAME);
        if (!Files.exists(socket)) {
            return Optional.empty();
        }
        try {
            return Optional.of(StatusClient.read(socket, STATUS_LIMIT));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Starts a client inside the test network: its main class and its arguments. */
    public ManagedProcess clientProcess(String name, List<String> mainAndArguments, Path log) throws IOException {
        return ManagedProcess.start(name, network.inside(Jvm.client(mainAndArguments)), log);
    }

    /** The way to the control plane. */
    public ControlAccess control() {
        return control;
    }

    /** The control plane in this JVM. */
    public ControlPlane plane() {
        return plane.orElseThrow(() -> new IllegalStateException("this stack's control plane is not in this JVM"));
    }

    /** {@code host:port} where the backup listens. */
    public String backupAddress() {
        return addresses.backup();
    }

    /** Where the primary's QEMU lives. */
    public Seat primarySeat() {
        return primarySeat;
    }

    /** Where the standby's QEMU lives. */
    public Seat standbySeat() throws IOException {
        return Seat.standby(files.folder("standby"), Optional.of(disks.backupFile()), Optional.of("tap1"));
    }

    public Observed observed() {
        return observed;
    }

    public LocalNetwork network() {
        return network;
    }

    public LocalOptions options() {
        return options;
    }

    /** The primary's QEMU. */
    public ManagedProcess qemu() {
        return qemu;
    }

    public ManagedProcess backupWorker() {
        return backupWorker;
    }

    public ManagedProcess primaryWorker() {
        return primaryWorker.orElseThrow(() -> new IllegalStateException("the primary worker was not started"));
    }

    /** Registers something that is to be ended with the stack. */
    public synchronized <T extends AutoCloseable> T own(T part) {
        owned.push(part);
        return part;
    }

    /** Ends everything that was started. What was written to the stack's folder stays, for whoever wants to know why. */
    @Override
    public void close() {
        closeAll();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // The hook runs, or has run: nothing is left to remove.
            return;
        }
    }

    /** Whoever ends a run by a signal wants nothing of it. */
    private synchronized void interrupted() {
        closeAll();
        if (options.keep()) {
            return;
        }
        try {
            Removal.remove(options.folder());
        } catch (IOException e) {
            System.err.println("while ending the stack: " + e.getMessage());
        }
    }

    private synchronized void closeAll() {
        List<String> failures = new ArrayList<>();
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception e) {
                failures.add(String.valueOf(e.getMessage()));
            }
        }
        LocalConfigs.removeImage(options);
        failures.forEach(failure -> System.err.println("while ending the stack: " + failure));
    }
}
