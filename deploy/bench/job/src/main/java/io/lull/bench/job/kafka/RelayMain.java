package io.lull.bench.job.kafka;

import io.lull.bench.job.process.ChildLoop;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.schemas.topic.Topics;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The floor of what any job can do: a thread that reads samples and writes each, as it came, to the topic of commands.
 * It decodes nothing, keeps nothing and decides nothing. Arguments: bootstrap servers and topic prefix.
 */
public final class RelayMain {
    private static final Duration POLL = Duration.ofMillis(100);

    private RelayMain() {}

    public static void main(String[] arguments) throws Exception {
        KafkaConnection connection = KafkaConnection.plain(arguments[0]);
        Topics topics = new Topics(arguments[1], Topics.DEFAULT.partitions());
        KafkaConsumer<byte[], byte[]> from = Clients.reader(connection);
        List<TopicPartition> partitions = Placed.partitions(topics.telemetry());
        from.assign(partitions);
        from.seekToEnd(partitions);
        partitions.forEach(from::position);
        Sends to = new Sends(Clients.sink(connection));
        Thread relay = new Thread(() -> relay(from, to, topics.commands().name()), "relay");
        relay.setDaemon(true);
        relay.start();
        new ChildLoop().run("relay");
        System.exit(0);
    }

    private static void relay(KafkaConsumer<byte[], byte[]> from, Sends to, String topic) {
        while (true) {
            for (ConsumerRecord<byte[], byte[]> sample : from.poll(POLL)) {
                to.send(new ProducerRecord<>(topic, sample.key(), sample.value()));
            }
        }
    }
}
