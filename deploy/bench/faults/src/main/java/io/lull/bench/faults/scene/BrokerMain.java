package io.lull.bench.faults.scene;

import io.lull.local.kafka.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Path;

/** A Kafka broker as a process of its own, to be killed. Arguments: folder, port. */
public final class BrokerMain {
    private BrokerMain() {}

    /** Runs until it is ended. */
    public static void main(String[] args) throws IOException {
        new EmbeddedBroker(Path.of(args[0]), Integer.parseInt(args[1])).start();
        System.out.println(ControlProcesses.READY);
    }
}
