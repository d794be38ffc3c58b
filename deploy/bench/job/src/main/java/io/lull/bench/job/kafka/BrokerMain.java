package io.lull.bench.job.kafka;

import io.lull.bench.job.process.ChildLoop;
import io.lull.local.kafka.EmbeddedBroker;
import java.nio.file.Path;

/** A Kafka broker as a process of its own; its argument is the folder of its data. */
public final class BrokerMain {
    private BrokerMain() {}

    public static void main(String[] arguments) throws Exception {
        try (EmbeddedBroker broker = new EmbeddedBroker(Path.of(arguments[0]))) {
            broker.start();
            new ChildLoop().run(broker.bootstrapServers());
        }
        // Kafka leaves threads behind for some seconds.
        System.exit(0);
    }
}
