package io.lull.worker.page;

import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the codec of each chunk so that neither the link nor the cores wait for the other.
 *
 * <p>Encoding and sending overlap: a checkpoint of N pages takes max(N·t/c, N·s/B), with t the time and s the bytes of a
 * page, c threads and a link of B bytes per second. Which codec makes that least depends on the link share of a thread, b =
 * B/c; measured on nine workloads zstd-1 wins below some 1 Gb/s, then LZ4, and nothing above 4 to 5 Gb/s. So home is
 * ZSTD for b &lt; 1 Gb/s and LZ4 above it. No model is needed for the rest, since the queue before the link says which of the two
 * waits:
 *
 * <pre>
 *                 queue over 2 ms             queue over 2 ms
 *          NONE ───────────────────▶ LZ4 ───────────────────▶ ZSTD
 *          NONE ◀─────────────────── LZ4 ◀─────────────────── ZSTD
 *                 queue under 0.5 ms and an epoch waits to be encoded
 *
 *          neither, and away from home for a while: one step towards home
 * </pre>
 *
 * A step needs the same verdict on several chunks in a row, and the two thresholds lie apart: hysteresis. Home is never
 * NONE, although b may be high: a link that was never full is known only by an upper bound, and other traffic wants it
 * too. While the link's rate is unknown, LZ4.
 */
public final class AdaptiveCodec implements CodecChoice {
    private static final Logger LOG = LoggerFactory.getLogger(AdaptiveCodec.class);

    /** 1 Gb/s a thread. */
    static final long ZSTD_BELOW_BYTES_PER_SECOND = 125_000_000;
    /** Home goes back to LZ4 only when the share is this much over the threshold. */
    static final double HOME_BAND = 1.25;

    static final long SHORT_QUEUE_NANOS = 500_000;
    static final long LONG_QUEUE_NANOS = 2_000_000;
    /** Chunks in a row that must agree on a step. */
    static final int VERDICTS_FOR_STEP = 4;
    /** Chunks in a row without a verdict before a step home. */
    static final int CALM_CHUNKS = 64;

    /** Why the codec changed. */
    public enum Reason {
        LINK_WAITS_FOR_CORES,
        CORES_WAIT_FOR_LINK,
        BACK_HOME
    }

    /**
     * What is known at the start of a checkpoint.
     *
     * @param linkBytesPerSecond what the link carries; empty while unknown
     * @param threads that will encode
     * @param epochWaits another captured epoch waits to be encoded
     */
    public record Load(Optional<Long> linkBytesPerSecond, int threads, boolean epochWaits) {
        public Load {
            if (threads < 1) {
                throw new IllegalArgumentException("encoding needs at least 1 thread, not " + threads);
            }
            linkBytesPerSecond.ifPresent(rate -> {
                if (rate <= 0) {
                    throw new IllegalArgumentException("a link carries more than " + rate + " bytes per second");
                }
            });
        }
    }

    private final LongSupplier backlogBytes;
    private ChunkCodec current = ChunkCodec.LZ4;
    private ChunkCodec home = ChunkCodec.LZ4;
    private boolean started;
    private boolean rateKnown;
    private double nanosPerByte;
    private boolean epochWaits;
    private Optional<Reason> pending = Optional.empty();
    private int agreeing;

    /**
     * A choice that begins with LZ4.
     *
     * @param backlogBytes bytes queued for the link now; asked once a chunk
     */
    public AdaptiveCodec(LongSupplier backlogBytes) {
        this.backlogBytes = backlogBytes;
    }

    /** Says how things are as a checkpoint begins. */
    public synchronized void begin(Load load) {
        rateKnown = load.linkBytesPerSecond().isPresent();
        epochWaits = load.epochWaits();
        if (rateKnown) {
            long rate = load.linkBytesPerSecond().get();
            nanosPerByte = 1e9 / rate;
            home = home(rate / load.threads());
            if (!started) {
                started = true;
                current = home;
            }
        }
    }

    private ChunkCodec home(long share) {
        double threshold = ZSTD_BELOW_BYTES_PER_SECOND * (started && home == ChunkCodec.ZSTD ? HOME_BAND : 1);
        return share < threshold ? ChunkCodec.ZSTD : ChunkCodec.LZ4;
    }

    @Override
    public synchronized ChunkCodec next() {
        Optional<Reason> verdict = verdict();
        agreeing = verdict.equals(pending) ? agreeing + 1 : 1;
        pending = verdict;
        if (verdict.isPresent() && agreeing >= needed(verdict.get())) {
            step(verdict.get());
        }
        return current;
    }

    private static int needed(Reason verdict) {
        return verdict == Reason.BACK_HOME ? CALM_CHUNKS : VERDICTS_FOR_STEP;
    }

    private Optional<Reason> verdict() {
        if (!rateKnown) {
            return Verdicts.NONE;
        }
        double queueNanos = backlogBytes.getAsLong() * nanosPerByte;
        if (queueNanos > LONG_QUEUE_NANOS) {
            return current == ChunkCodec.ZSTD ? Verdicts.NONE : Verdicts.STRONGER;
        }
        if (queueNanos < SHORT_QUEUE_NANOS && epochWaits) {
            return current == ChunkCodec.NONE ? Verdicts.NONE : Verdicts.CHEAPER;
        }
        return current == home ? Verdicts.NONE : Verdicts.HOME;
    }

    /** The one transition. */
    private void step(Reason why) {
        ChunkCodec before = current;
        current = switch (why) {
            case CORES_WAIT_FOR_LINK -> current.stronger();
            case LINK_WAITS_FOR_CORES -> current.cheaper();
            case BACK_HOME -> current.compareTo(home) < 0 ? current.stronger() : current.cheaper();
        };
        agreeing = 0;
        if (LOG.isDebugEnabled()) {
            LOG.debug("page codec: {} instead of {}: {}", current, before, why);
        }
    }

    /** Made once, so that a verdict allocates nothing. */
    private static final class Verdicts {
        static final Optional<Reason> NONE = Optional.empty();
        static final Optional<Reason> STRONGER = Optional.of(Reason.CORES_WAIT_FOR_LINK);
        static final Optional<Reason> CHEAPER = Optional.of(Reason.LINK_WAITS_FOR_CORES);
        static final Optional<Reason> HOME = Optional.of(Reason.BACK_HOME);
    }
}
