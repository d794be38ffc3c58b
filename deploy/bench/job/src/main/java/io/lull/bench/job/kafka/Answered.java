package io.lull.bench.job.kafka;

import io.lull.policy.WorkerCommand;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.WorkerCommand.StandingPlan;
import io.lull.schemas.wire.BadRecordException;
import io.lull.schemas.wire.Wire;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * The answers of one turn: how long after its sample was due each one came, in microseconds.
 *
 * <p>A plan says until when its lease holds, which counts from the sample that it was made on; a command to end an epoch
 * says its sample's time; and the relay's answer is the sample itself.
 */
public final class Answered implements AnswerTail.Answers {
    private static final long MOST_MICROS = 60_000_000;
    private static final int DIGITS = 3;
    private static final long POLL_MILLIS = 5;
    private static final Wire WIRE = new Wire();

    private final String topic;
    private final boolean echo;
    private final long leaseMicros;
    private final Histogram micros = new ConcurrentHistogram(MOST_MICROS, DIGITS);

    /**
     * Answers in {@code topic}; those in others belong to turns that are over.
     *
     * @param echo whether the answers are the samples themselves
     * @param leaseMicros of plans
     */
    public Answered(String topic, boolean echo, long leaseMicros) {
        this.topic = topic;
        this.echo = echo;
        this.leaseMicros = leaseMicros;
    }

    @Override
    public void take(String inTopic, byte[] value, long atMicros) {
        if (inTopic.equals(topic)) {
            long lateMicros = atMicros - dueMicros(value);
            micros.recordValue(Math.max(0, Math.min(MOST_MICROS, lateMicros)));
        }
    }

    /** Waits until so many answers are there, at most for {@code limitMillis}. */
    public void awaitCount(long count, long limitMillis) {
        long deadlineNanos = System.nanoTime() + limitMillis * 1_000_000;
        while (micros.getTotalCount() < count && System.nanoTime() < deadlineNanos) {
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** What was measured so far. */
    public Histogram takeMicros() {
        return micros.copy();
    }

    private long dueMicros(byte[] value) {
        try {
            return echo ? WIRE.decodeSample(value).sampledAtMicros() : dueMicros(WIRE.decodeCommand(value));
        } catch (BadRecordException e) {
            throw new IllegalStateException("an answer in " + topic + " can't be read", e);
        }
    }

    private long dueMicros(WorkerCommand command) {
        if (command instanceof EndEpoch end) {
            return end.sampledAtMicros();
        }
        return ((StandingPlan) command).plan().leaseUntilMicros() - leaseMicros;
    }
}
