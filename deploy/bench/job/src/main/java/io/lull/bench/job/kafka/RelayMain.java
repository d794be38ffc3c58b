package io.lull.bench.job.kafka;

import io.lull.bench.job.process.ChildLoop;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.schemas.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The floor of what any job can do: a thread that reads samples and writes each, as it came, to the topic of commands.
 * It decodes nothing, keeps nothing and decides nothing. Arguments: bootstrap servers and topic prefix, and a consumer group as
 * which it commits each second what is written, where somebody has to know how far it is.
 */
public final class RelayMain {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long COMMIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final KafkaConsumer<byte[], byte[]> from;
    private final Sends to;
    private final String topic;
    private final boolean commits;
    private boolean open = true;

    private RelayMain(KafkaConsumer<byte[], byte[]> from, Sends to, String topic, boolean commits) {
        this.from = from;
        this.to = to;
        this.topic = topic;
        this.commits = commits;
    }

    public static void main(String[] arguments) throws Exception {
        KafkaConnection connection = KafkaConnection.plain(arguments[0]);
        Topics topics = new Topics(arguments[1], Topics.DEFAULT.partitions());
        boolean commits = arguments.length > 2;
        KafkaConsumer<byte[], byte[]> from =
                commits ? Clients.reader(connection, arguments[2]) : Clients.reader(connection);
        List<TopicPartition> partitions = Placed.partitions(topics.telemetry());
        from.assign(partitions);
        from.seekToEnd(partitions);
        partitions.forEach(from::position);
        RelayMain relay = new RelayMain(
                from, new Sends(Clients.sink(connection)), topics.commands().name(), commits);
        Thread thread = new Thread(relay::relay, "relay");
        thread.setDaemon(true);
        thread.start();
        new ChildLoop()
                .on("open", () -> relay.opened(true, "OPEN"))
                .on("shut", () -> relay.opened(false, "SHUT"))
                .run("relay");
        System.exit(0);
    }

    private synchronized String opened(boolean now, String answer) {
        open = now;
        notifyAll();
        return answer;
    }

    private void relay() {
        long committedNanos = System.nanoTime();
        while (true) {
            awaitOpen();
            ConsumerRecords<byte[], byte[]> records = from.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> sample : records) {
                to.send(new ProducerRecord<>(topic, sample.key(), sample.value()));
            }
            long nowNanos = System.nanoTime();
            if (commits && (records.isEmpty() || nowNanos - committedNanos >= COMMIT_NANOS)) {
                to.flush();
                from.commitSync();
                committedNanos = nowNanos;
            }
        }
    }

    private synchronized void awaitOpen() {
        try {
            while (!open) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
