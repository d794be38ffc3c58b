package io.lull.local.oracle;

import io.lull.local.Await;
import io.lull.local.GuestSpec;
import io.lull.local.GuestSpec.Seat;
import io.lull.local.ManagedProcess;
import io.lull.producer.qemu.QmpClient;
import io.lull.producer.qemu.QmpEvent;
import io.lull.producer.qemu.QmpException;
import io.lull.worker.capture.CheckpointSource;
import io.lull.worker.capture.SourceState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A real guest whose memory is in a shared file, and a source that captures it into a {@link CapturedImage}. */
final class CapturedGuest implements AutoCloseable {
    private static final String LOAD =
            "g.run=integrity g.integrity=8:2:8000 g.counter=/dev/ttyS1 g.data=/dev/vda g.diskw=50";
    private static final Duration QMP_LIMIT = Duration.ofSeconds(10);
    private static final long BOOT_MILLIS = 120_000;
    private static final long STATE_MILLIS = 60_000;
    private static final long END_SECONDS = 20;

    private final Path ram;
    private final Path disk;
    private final Seat seat;
    private final ManagedProcess qemu;
    private final QmpClient monitor;
    private final QmpClient observer;
    private final GuestSpec spec;
    private volatile Optional<CheckpointSource> source = Optional.empty();

    private CapturedGuest(Path folder, Path memory) throws IOException, QmpException, InterruptedException {
        Path images = GuestImage.require();
        this.ram = memory.resolve("ram");
        this.spec = new GuestSpec(images, 1, GuestSpec.RAM_KIB, LOAD, Optional.of(ram));
        this.disk = Files.copy(images.resolve("data.ext4"), folder.resolve("guest.raw"));
        this.seat = Seat.in(folder, Optional.of(disk), Optional.empty());
        this.qemu = ManagedProcess.start("qemu", spec.primaryCommand(seat), folder.resolve("qemu.log"));
        try {
            Await.until("the guest is ready", BOOT_MILLIS, () -> Consoles.isReady(seat, qemu));
            this.monitor = QmpClient.connect(Path.of(seat.qmp()), this::event, QMP_LIMIT);
            this.observer = QmpClient.connect(seat.observerQmp(), event -> {}, QMP_LIMIT);
        } catch (IOException | QmpException | InterruptedException e) {
            qemu.close();
            throw e;
        }
    }

    /**
     * Boots the guest.
     *
     * @param folder for sockets, logs and the disk
     * @param memory for the file with its memory
     */
    static CapturedGuest boot(Path folder, Path memory) throws IOException, QmpException, InterruptedException {
        return new CapturedGuest(folder, memory);
    }

    private void event(QmpEvent event) {
        source.ifPresent(now -> now.onQemuEvent(event));
    }

    /** The file with its memory. */
    Path ram() {
        return ram;
    }

    Path disk() {
        return disk;
    }

    Seat seat() {
        return seat;
    }

    ManagedProcess qemu() {
        return qemu;
    }

    long qemuPid() {
        return qemu.pid();
    }

    QmpClient monitor() {
        return monitor;
    }

    /** Tells QEMU something by a monitor that the source doesn't use. */
    void order(String command) throws Exception {
        observer.call(command, Map.of());
    }

    /** Returns when the source has heard of what has happened so far: a monitor says all in order. */
    void awaitHeard() throws Exception {
        monitor.call("query-status");
    }

    boolean runs() throws IOException {
        try {
            return observer.call("query-status").path("running").asBoolean();
        } catch (QmpException e) {
            throw new IOException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The guest's own clock ticks on: its counter prints. */
    void awaitProgress() throws IOException {
        long before = Files.size(seat.counter());
        Await.until("the guest counts on", STATE_MILLIS, () -> Files.size(seat.counter()) > before);
    }

    /** A standby of this guest, with memory of its own and a copy of the disk as it is now. */
    StandbyFeed standby(Path folder, Path memory) throws IOException, InterruptedException {
        GuestSpec other =
                new GuestSpec(spec.images(), 1, GuestSpec.RAM_KIB, LOAD, Optional.of(memory.resolve("standby-ram")));
        Path copy = Files.copy(disk, folder.resolve("standby.raw"));
        return new StandbyFeed(other, Files.createDirectories(folder.resolve("standby")), copy);
    }

    /** A running source and what becomes of it. */
    record Running(CheckpointSource source, CapturedImage image, CompletableFuture<Optional<Throwable>> ended) {
        /** Returns when it waits for the order to pause. */
        void awaitPending() throws IOException {
            Await.until("the source is ready", STATE_MILLIS, () -> {
                if (ended.isDone()) {
                    throw new IOException("the source ended", ended.join().orElse(null));
                }
                return source.state() == SourceState.PENDING;
            });
        }

        /** Takes one checkpoint. */
        CapturedImage.Checkpoint checkpoint() throws IOException {
            awaitPending();
            int before = image.taken();
            order();
            Await.until("a checkpoint", STATE_MILLIS, () -> {
                boolean over = ended.isDone();
                if (image.taken() > before) {
                    return true;
                }
                if (over) {
                    throw new IOException("the source ended", ended.join().orElse(null));
                }
                return false;
            });
            return image.last();
        }

        void order() throws IOException {
            if (!source.pause()) {
                throw new IOException("the source took no order; it is " + source.state());
            }
        }

        /** What the source ended with; empty when it was closed. */
        Optional<Throwable> end() throws Exception {
            return ended.get(END_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Starts a source of this guest; events of the monitor go to it from now on. */
    Running start(Function<CapturedGuest, CheckpointSource> factory, CapturedImage image) {
        CheckpointSource made = factory.apply(this);
        source = Optional.of(made);
        CompletableFuture<Optional<Throwable>> ended = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        made.run(image);
                        ended.complete(Optional.empty());
                    } catch (IOException | RuntimeException | Error e) {
                        ended.complete(Optional.of(e));
                    }
                },
                "source");
        thread.setDaemon(true);
        thread.start();
        return new Running(made, image, ended);
    }

    @Override
    public void close() {
        source.ifPresent(CheckpointSource::close);
        monitor.close();
        observer.close();
        qemu.close();
    }
}
