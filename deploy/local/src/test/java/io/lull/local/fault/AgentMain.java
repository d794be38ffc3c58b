package io.lull.local.fault;

import io.lull.worker.config.ConfigException;
import io.lull.worker.config.ConfigLoader;
import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.config.Wirings;
import io.lull.worker.primary.CaptureTap;
import io.lull.worker.primary.PrimaryAgent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A primary worker as a process of its own, to be stopped and killed; without Kafka, which is not the point. */
public final class AgentMain {
    private static final long END_MILLIS = 10_000;

    private AgentMain() {}

    /** Argument: the configuration. */
    public static void main(String[] args) throws ConfigException, IOException, InterruptedException {
        PrimaryConfig config = ConfigLoader.primary(Path.of(args[0]));
        try (PrimaryAgent agent =
                new PrimaryAgent(config, Wirings.of(config), new SeenEvents(), CaptureTap.NONE, Optional.empty())) {
            Thread main = Thread.currentThread();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                agent.stop();
                try {
                    main.join(END_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
            agent.run();
        }
    }
}
