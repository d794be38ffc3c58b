package io.lull.worker.primary;

import io.lull.policy.VmId;
import io.lull.worker.capture.StreamLayout;
import io.lull.worker.config.CodecRule;
import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.config.ShadowKind;
import io.lull.worker.page.ImageLayout;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.page.StagedPages;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.OutputClaim;
import io.lull.worker.protocol.Verified;
import io.lull.worker.ship.BackupLink;
import io.lull.worker.ship.LinkListener;
import io.lull.worker.ship.LinkOptions;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Epochs of staged pages, as a primary encodes and sends them: by the worker's own shipper and link, and no more of them
 * unacknowledged than it lets be. The calling thread does what the worker's shipping thread does. No guest, output or disk.
 */
public final class ShippedEpochs implements LinkListener, AutoCloseable {
    private static final long WAIT_LIMIT_MILLIS = 60_000;
    private static final long SILENCE_NANOS = 10_000_000_000L;
    private static final long HASH_SEED = 42;
    private static final byte[] MACHINE = {7, 0, 0, 0, 2, 'p', 'c'};
    private static final int RAM_SECTION = 3;

    private final PageWorkers workers;
    private final BackupLink link;
    private final PageShipper shipper;
    private long shipped;
    private long acknowledged;
    private Optional<String> lost = Optional.empty();

    /**
     * Connects, and learns what the backup has.
     *
     * @param vm that the backup expects
     * @param ramPages of its memory
     * @param threads that encode
     */
    public ShippedEpochs(InetSocketAddress backup, Wiring wiring, VmId vm, int ramPages, CodecRule codec, int threads)
            throws IOException {
        OutputClaim claim = new OutputClaim(new UUID(1, 1), OptionalLong.empty());
        Hello hello = new Hello(
                vm, "host-a", new UUID(1, System.nanoTime()), OnBackupLoss.HOLD_OUTPUT, 0, 1, HASH_SEED, claim);
        link = BackupLink.connect(LinkOptions.defaults(backup).silentAtMost(SILENCE_NANOS), wiring, hello, this);
        workers = new PageWorkers(threads, "bench-page");
        shipper = new PageShipper(
                link,
                new EpochRecords(),
                new PageShipper.Encoding(workers, new PrimaryConfig.Pipeline(threads, codec, ShadowKind.FULL, 0, 0)),
                System::nanoTime,
                HASH_SEED);
        ImageLayout layout =
                ImageLayout.of(List.of(new ImageLayout.NamedLength("ram", (long) ramPages * PageMemory.PAGE_BYTES)));
        shipper.begin(new StreamLayout(MACHINE, RAM_SECTION, layout));
    }

    /** Encodes the pages as the next epoch and queues it for the link, when there is room for one more. */
    public long ship(StagedPages pages) throws IOException, InterruptedException {
        awaitAcknowledged(shipped + 1 - EpochBook.MAX_EPOCHS);
        long epoch = ++shipped;
        shipper.ship(epoch, pages, false);
        shipper.send(shipper.end(epoch, 0).frame());
        return epoch;
    }

    /** Waits until the backup holds all of an epoch. */
    public synchronized void awaitAcknowledged(long epoch) throws IOException, InterruptedException {
        long endMillis = System.currentTimeMillis() + WAIT_LIMIT_MILLIS;
        while (acknowledged < epoch) {
            long leftMillis = endMillis - System.currentTimeMillis();
            if (lost.isPresent() || leftMillis <= 0) {
                throw new IOException("epoch " + epoch + " is not acknowledged: "
                        + lost.orElse("nothing for " + WAIT_LIMIT_MILLIS + " ms"));
            }
            wait(leftMillis);
        }
    }

    @Override
    public synchronized void onAck(long epoch) {
        acknowledged = epoch;
        notifyAll();
    }

    @Override
    public void onVerified(long epoch, Verified verified) {
        throw new IllegalStateException("no verification was asked for");
    }

    @Override
    public synchronized void onLost(LossKind kind, String why) {
        lost = Optional.of(kind + ", " + why);
        notifyAll();
    }

    @Override
    public void close() {
        link.close("the benchmark is over");
        shipper.close();
        workers.close();
    }
}
