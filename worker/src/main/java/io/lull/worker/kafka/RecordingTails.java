package io.lull.worker.kafka;

import io.lull.policy.VmId;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.schemas.topic.RecordKeys;
import io.lull.schemas.topic.Topics;
import io.lull.schemas.wire.BadRecordException;
import io.lull.schemas.wire.Wire;
import io.lull.worker.record.Recorder;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/** Hands a recorder the samples and reports of one VM, from the end of their topics on. */
public final class RecordingTails implements AutoCloseable {
    private final KafkaConnection connection;
    private final String vm;
    private final RecordTail<VmSample> samples;
    private final RecordTail<EpochReport> reports;
    private volatile String trouble = "it doesn't answer";

    public RecordingTails(KafkaConnection connection, Topics topics, VmId vm, InstantSource clock, Recorder recorder) {
        this.connection = connection;
        this.vm = vm.value();
        Wire wire = new Wire();
        Optional<String> key = Optional.of(RecordKeys.of(vm));
        samples = new RecordTail<>(
                connection,
                new TailSpec(topics.telemetry().name(), key, Duration.ZERO),
                clock,
                wire::decodeSample,
                new Into<>(sample -> own(sample.vm(), recorder, () -> recorder.take(sample)), recorder));
        reports = new RecordTail<>(
                connection,
                new TailSpec(topics.epochs().name(), key, Duration.ZERO),
                clock,
                wire::decodeEpoch,
                new Into<>(report -> own(report.vm(), recorder, () -> recorder.take(report)), recorder));
    }

    /** Returns once both tails follow; what is written from then on is recorded. */
    public void start(Duration limit) throws IOException, InterruptedException {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        samples.start();
        reports.start();
        if (!samples.awaitFollowing(limit)
                || !reports.awaitFollowing(Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime())))) {
            throw new IOException("the topics at " + connection.bootstrapServers() + " can't be read within "
                    + limit.toSeconds() + " s (" + trouble + "); check --bootstrap-servers and --topic-prefix");
        }
    }

    @Override
    public void close() throws InterruptedException {
        samples.close();
        reports.close();
    }

    /** The key says whose a record is, and so does the record; one where they differ is counted and left out. */
    private void own(VmId ofRecord, Recorder recorder, Runnable take) {
        if (ofRecord.value().equals(vm)) {
            take.run();
        } else {
            recorder.rejected();
        }
    }

    private final class Into<T> implements TailListener<T> {
        private final Consumer<T> taker;
        private final Recorder recorder;

        Into(Consumer<T> taker, Recorder recorder) {
            this.taker = taker;
            this.recorder = recorder;
        }

        @Override
        public void record(T value) {
            taker.accept(value);
        }

        @Override
        public void rejected(BadRecordException why, byte[] bytes) {
            recorder.rejected();
        }

        @Override
        public void trouble(String why) {
            trouble = why;
        }
    }
}
