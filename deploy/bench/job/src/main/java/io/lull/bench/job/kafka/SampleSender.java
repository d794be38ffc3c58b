package io.lull.bench.job.kafka;

import io.lull.bench.job.load.Fleet;
import io.lull.bench.job.load.Pace;
import io.lull.bench.job.load.WallClock;
import io.lull.policy.signal.VmSample;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.schemas.topic.RecordKeys;
import io.lull.schemas.wire.Wire;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends single samples in an open loop; each says as its time when it was due. */
public final class SampleSender implements AutoCloseable {
    private final Sends producer;
    private final Fleet fleet;
    private final WallClock clock;
    private final Wire wire = new Wire();
    private int nextVm;

    public SampleSender(KafkaConnection connection, Fleet fleet, WallClock clock) {
        this.producer = new Sends(Clients.probe(connection));
        this.fleet = fleet;
        this.clock = clock;
    }

    /** Sends {@code count} samples, those of each VM in turn, at {@code perSecond}; returns when the last is sent. */
    public void send(String topic, double perSecond, long count) {
        Pace pace = new Pace(perSecond, System::nanoTime);
        for (long i = 0; i < count; i++) {
            long dueMicros = clock.microsAt(pace.awaitNextNanos());
            VmSample sample = fleet.sample(nextVm, dueMicros);
            nextVm = (nextVm + 1) % fleet.vms();
            byte[] key = RecordKeys.of(sample.vm()).getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(topic, key, wire.encode(sample)));
        }
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
    }
}
