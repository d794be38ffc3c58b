package io.lull.bench.fuzz.siege;

import io.lull.worker.backup.SmallVm;
import io.lull.worker.page.ChunkCodec;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameReader;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.Layout;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.Verified;
import io.lull.worker.ship.BackupLink;
import io.lull.worker.ship.LinkListener;
import io.lull.worker.ship.LinkOptions;
import io.lull.worker.wire.Wiring;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** A primary that behaves: it commits an epoch of a small VM every few milliseconds, by the worker's own link. */
final class GoodPrimary implements LinkListener, AutoCloseable {
    /** Longest wait for an acknowledgement; a machine that is busy with hostile peers is slow, not broken. */
    private static final long ACK_LIMIT_SECONDS = 20;

    private static final long SILENCE_NANOS = 15_000_000_000L;
    private static final long EPOCH_NANOS = 5_000_000;

    private final SmallVm vm;
    private final BackupLink link;
    private final BlockingQueue<Long> acks = new LinkedBlockingQueue<>();
    private volatile Optional<String> lost = Optional.empty();
    private long epoch;

    /** Connects, and commits the whole VM as its first epoch. */
    GoodPrimary(InetSocketAddress backup, Wiring wiring, SmallVm vm, long firstEpoch)
            throws IOException, InterruptedException {
        this.vm = vm;
        this.epoch = firstEpoch;
        List<Frame> greeting = vm.greeting(firstEpoch);
        LinkOptions options = LinkOptions.defaults(backup).silentAtMost(SILENCE_NANOS);
        this.link =
                BackupLink.connect(options, wiring, Hello.decode(greeting.get(0).payload()), this);
        try {
            link.layout(Layout.decode(greeting.get(1).payload()), piece -> {}).get(ACK_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the backup did not send its hashes: " + lost.orElse(String.valueOf(e)), e);
        }
        commit(vm.whole(epoch, ChunkCodec.LZ4));
    }

    /** Commits epochs for as long as it is told to; how long each took to be acknowledged. */
    Delays commitWhile(BooleanSupplier goOn) throws IOException, InterruptedException {
        Delays delays = new Delays();
        long dueNanos = System.nanoTime();
        while (goOn.getAsBoolean()) {
            List<Frame> frames = vm.epoch(epoch, ChunkCodec.values()[(int) (epoch % ChunkCodec.values().length)]);
            delays.add(commit(frames));
            dueNanos = Math.max(dueNanos + EPOCH_NANOS, System.nanoTime());
            TimeUnit.NANOSECONDS.sleep(Math.min(EPOCH_NANOS, dueNanos - System.nanoTime()));
        }
        return delays;
    }

    private long commit(List<Frame> frames) throws IOException, InterruptedException {
        long sentNanos = System.nanoTime();
        for (Frame frame : frames) {
            if (!link.send(frame)) {
                throw new IOException("epoch " + epoch + " can't be sent: " + lost.orElse("the link is lost"));
            }
        }
        Long ack = acks.poll(ACK_LIMIT_SECONDS, TimeUnit.SECONDS);
        long ackedNanos = System.nanoTime();
        if (ack == null || ack != epoch) {
            throw new IOException("epoch " + epoch + " was not acknowledged, but " + ack + ": "
                    + lost.orElse("nothing for " + ACK_LIMIT_SECONDS + " s"));
        }
        epoch++;
        return ackedNanos - sentNanos;
    }

    /** The epoch that comes next: all before it were acknowledged. */
    long nextEpoch() {
        return epoch;
    }

    @Override
    public void onAck(long acknowledged) {
        acks.add(acknowledged);
    }

    @Override
    public void onVerified(long verified, Verified result) {}

    @Override
    public void onLost(LossKind kind, String why) {
        lost = Optional.of(kind + ", " + why);
    }

    /** Takes leave in good order. */
    @Override
    public void close() {
        link.close("the siege is over");
    }

    /** Whether these bytes are a refusal, as a peer that isn't this backup's primary is told. */
    static boolean isRefusal(byte[] answer) {
        try {
            return new FrameReader(Channels.newChannel(new ByteArrayInputStream(answer)))
                    .next()
                    .map(frame -> frame.header().type() == FrameType.REFUSED)
                    .orElse(false);
        } catch (IOException e) {
            return false;
        }
    }
}
