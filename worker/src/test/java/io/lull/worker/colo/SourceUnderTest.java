package io.lull.worker.colo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lull.producer.qemu.Qmp;
import io.lull.producer.qemu.QmpEvent;
import io.lull.producer.qemu.QmpException;
import io.lull.worker.capture.Capture;
import io.lull.worker.capture.CaptureHandler;
import io.lull.worker.capture.SourceState;
import io.lull.worker.capture.StagingArea;
import io.lull.worker.capture.StreamLayout;
import io.lull.worker.page.OffHeap;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.StagedPages;
import io.lull.worker.qemu.Await;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A source whose QEMU is the test: it connects when it is told to migrate, and sends what the test writes. */
final class SourceUnderTest implements CaptureHandler, Qmp, AutoCloseable {
    private static final long LIMIT_SECONDS = 20;
    private static final int STAGED_BYTES = 32 << 20;
    private static final int STAGED_PAGES = 400;
    /** Made once, as it takes long: a source has both for itself, one after the other, until it has ended. */
    private static final List<StagingArea> AREAS =
            List.of(new StagingArea(STAGED_BYTES, STAGED_PAGES), new StagingArea(STAGED_BYTES, STAGED_PAGES));

    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<String> commands = new CopyOnWriteArrayList<>();
    final Map<Integer, Integer> initial = new TreeMap<>();
    final Map<Integer, Integer> last = new TreeMap<>();
    final AtomicLong nanos = new AtomicLong();
    final ColoSource source;
    private final Path socket;
    private final CompletableFuture<SocketChannel> qemu = new CompletableFuture<>();
    private final CompletableFuture<Throwable> ended = new CompletableFuture<>();
    private final Thread thread;
    private int stagings;

    /** It lets its guest run only some time after it has said that it is out of COLO. */
    volatile boolean resumesLate;

    /** Commands fail. */
    volatile boolean fails;

    /** A backup takes the VM over when QEMU ends. */
    volatile boolean backedUp = true;

    /** The guest is to stand still after its next checkpoint. */
    volatile boolean standsStill;

    /** QEMU copies memory yet: told to leave COLO, it refuses, and the copy ends. */
    volatile boolean copies;

    /** What is copied finds no backup. */
    volatile boolean failsInCopy;

    private final boolean stoppedWhileArmed;

    private volatile String migration = "none";
    private volatile String status = "running";

    SourceUnderTest(Path folder) {
        this(folder, false);
    }

    /** @param stoppedWhileArmed whether an operator stops the guest when QEMU has just said that it runs */
    SourceUnderTest(Path folder, boolean stoppedWhileArmed) {
        this.stoppedWhileArmed = stoppedWhileArmed;
        this.socket = folder.resolve("colo.sock");
        this.source = new ColoSource(this, socket, nanos::get, () -> backedUp);
        this.thread = new Thread(
                () -> {
                    try {
                        source.run(this);
                        ended.complete(new AssertionError("run returned"));
                    } catch (IOException | RuntimeException e) {
                        ended.complete(e);
                    }
                },
                "source");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public CompletableFuture<JsonNode> execute(String command, JsonNode arguments, Duration timeout) {
        commands.add(command + " " + arguments);
        if (fails) {
            return CompletableFuture.failedFuture(
                    QmpException.of(QmpException.Kind.TIMEOUT, "no answer, says the test"));
        }
        var answer = new JsonMapper().createObjectNode();
        if (command.equals("migrate")) {
            migration = "colo";
            try {
                qemu.complete(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
            } catch (IOException e) {
                qemu.completeExceptionally(e);
            }
        } else if (command.equals("migrate-set-capabilities") && stoppedWhileArmed) {
            stop("paused");
        } else if (command.equals("x-colo-lost-heartbeat") && copies) {
            return CompletableFuture.failedFuture(
                    QmpException.of(QmpException.Kind.REFUSED, "not in COLO, says the test"));
        } else if (command.equals("x-colo-lost-heartbeat")) {
            migration = "completed";
            if (resumesLate) {
                CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS).execute(() -> {
                    commands.add("runs");
                    cont();
                });
            }
        } else if (command.equals("query-migrate")) {
            answer.put("status", copies ? "failed" : migration);
        } else if (command.equals("query-status")) {
            answer.put("status", status);
        }
        return CompletableFuture.completedFuture(answer);
    }

    /** The guest stands still, for this reason of QEMU's. */
    void stop(String reason) {
        status = reason;
        event("STOP");
    }

    /** The guest runs. */
    void cont() {
        status = "running";
        event("RESUME");
    }

    private void event(String name) {
        source.onQemuEvent(new QmpEvent(name, new JsonMapper().createObjectNode(), OptionalLong.empty()));
    }

    /** Sends an initial stream, and returns when the source has taken it in. */
    void begin() throws Exception {
        send(QemuStream.initial().bytes());
        if (message() != 0) {
            throw new AssertionError("the source did not say READY");
        }
    }

    void send(byte[] bytes) throws Exception {
        send(bytes, bytes.length);
    }

    void send(byte[] bytes, int length) throws Exception {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
        SocketChannel channel = qemu.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            // The source has hung up on what it got so far; the test looks at why.
            calls.add("hung up");
        }
    }

    void hangUp() throws Exception {
        qemu.get(LIMIT_SECONDS, TimeUnit.SECONDS).close();
    }

    /** Reads the next message of the source's. */
    int message() throws Exception {
        ByteBuffer four = ByteBuffer.allocate(4);
        SocketChannel channel = qemu.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        while (four.hasRemaining()) {
            if (channel.read(four) < 0) {
                throw new IOException("the source hung up");
            }
        }
        return four.flip().getInt();
    }

    /** Why the source's run ended. */
    Throwable end() throws Exception {
        return ended.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    boolean hasEnded() {
        return ended.isDone();
    }

    void awaitState(SourceState wanted) throws Exception {
        Await.until("the source is " + wanted + ", is " + source.state(), () -> source.state() == wanted);
    }

    @Override
    public void layout(StreamLayout layout) {
        calls.add("layout " + layout.blocks().blocks().size() + " section " + layout.ramSectionId());
    }

    @Override
    public void initialPages(StagingArea pages) throws IOException {
        if (failsInCopy) {
            throw new IOException("no backup, says the test");
        }
        calls.add("initial " + pages.pages().count());
        collect(pages, initial);
    }

    @Override
    public StagingArea nextStaging() {
        StagingArea area = AREAS.get(stagings++ % AREAS.size());
        area.reset();
        return area;
    }

    @Override
    public boolean standsStill(long pausedAtNanos) {
        return standsStill;
    }

    @Override
    public void pending() {
        calls.add("pending");
    }

    @Override
    public void paused(long pausedAtNanos) {
        calls.add("paused");
    }

    @Override
    public void resumed(Capture capture) {
        last.clear();
        collect(capture.pages(), last);
        // Last: the test waits for this call, and then looks at the pages.
        calls.add("resumed " + capture.ramPages() + " pages, " + capture.deviceStateBytes() + " bytes");
    }

    /** Notes the first byte of each page. */
    private static void collect(StagingArea from, Map<Integer, Integer> into) {
        StagedPages pages = from.pages();
        ByteBuffer copy = ByteBuffer.allocateDirect(PageMemory.PAGE_BYTES);
        for (int i = 0; i < pages.count(); i++) {
            long address = pages.address(i);
            if (address == StagedPages.ZERO_PAGE) {
                into.put(pages.page(i), 0);
            } else {
                OffHeap.copy(address, OffHeap.address(copy), PageMemory.PAGE_BYTES);
                into.put(pages.page(i), (int) copy.get(0));
            }
        }
    }

    @Override
    public void close() throws Exception {
        source.close();
        if (qemu.isDone() && !qemu.isCompletedExceptionally()) {
            qemu.join().close();
        }
        thread.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
        if (thread.isAlive()) {
            throw new AssertionError("the source goes on though it was closed, in " + source.state());
        }
    }
}
