package io.lull.bench.job.kafka;

import io.lull.bench.job.load.Fleet;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.schemas.topic.RecordKeys;
import io.lull.schemas.wire.Wire;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Fills a topic with the ticks of a fleet, host by host and tick by tick, ahead of those who will read it. */
public final class Backlog implements AutoCloseable {
    private static final int FIRST_HOST = 0;

    private final Sends producer;
    private final Fleet fleet;
    private final long intervalMicros;
    private final Wire wire = new Wire();
    private long nextMicros;

    /**
     * A backlog that begins at {@code startMicros} and goes on there with each part that is written.
     *
     * @param intervalMicros from one tick to the next
     */
    public Backlog(KafkaConnection connection, Fleet fleet, long startMicros, long intervalMicros) {
        this.producer = new Sends(Clients.backlog(connection));
        this.fleet = fleet;
        this.intervalMicros = intervalMicros;
        this.nextMicros = startMicros;
    }

    /** Writes {@code ticks} ticks of all hosts; each record's own time is that of its tick. Returns how many samples. */
    public long write(String topic, long ticks) {
        for (long tick = 0; tick < ticks; tick++) {
            for (int host = 0; host < fleet.hosts(); host++) {
                send(topic, host, nextMicros);
            }
            nextMicros += intervalMicros;
        }
        producer.flush();
        return ticks * fleet.vms();
    }

    private void send(String topic, int host, long atMicros) {
        byte[] key = RecordKeys.ofBatch(fleet.host(host)).getBytes(StandardCharsets.UTF_8);
        for (byte[] batch : wire.encodeBatch(fleet.host(host), fleet.tick(host, atMicros))) {
            producer.send(new ProducerRecord<>(topic, null, atMicros / 1000, key, batch));
        }
    }

    /**
     * Writes the first host's newest tick once more: something to read that has been read before, so that no VM's time goes
     * on. With a tick of its own each time, one host would be seconds ahead of the others at the end, which would be taken
     * for silent, and their windows would be closed half full.
     */
    public void repeatOne(String topic) {
        send(topic, FIRST_HOST, nextMicros - intervalMicros);
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
    }
}
