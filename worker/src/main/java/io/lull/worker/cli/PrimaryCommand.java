package io.lull.worker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lull.policy.VmId;
import io.lull.worker.config.ConfigException;
import io.lull.worker.config.ConfigLoader;
import io.lull.worker.config.FenceChoice;
import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.config.Wirings;
import io.lull.worker.fence.Fence;
import io.lull.worker.fence.FenceException;
import io.lull.worker.kafka.KafkaSide;
import io.lull.worker.primary.CaptureTap;
import io.lull.worker.primary.PrimaryAgent;
import io.lull.worker.primary.PrimaryCommands;
import io.lull.worker.status.CommandSocket;
import io.lull.worker.status.StatusSocket;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lull primary}: protects a running VM until it powers off or this process is told to end. */
@Command(name = "primary", description = "Protects a running VM: captures, ships, holds output until commit.")
final class PrimaryCommand implements Callable<Integer> {
    @Option(names = "--config", required = true, description = "YAML file; `lull reference primary` shows all keys.")
    private Path config = Path.of("");

    @Option(
            names = "--unsafe-no-fence",
            description = "asks no fence, whatever the file says. Only for two bare hosts, with the same at the backup")
    private boolean unsafeNoFence;

    @Override
    public Integer call() throws ConfigException, IOException, InterruptedException {
        PrimaryConfig read = ConfigLoader.primary(config);
        PrimaryConfig settings = unsafeNoFence ? read.unfenced() : read;
        Wiring wiring = Wirings.of(settings);
        Files.createDirectories(settings.runDir());
        try (Termination termination = new Termination();
                KafkaSide kafka = KafkaSide.connect(settings.kafka());
                PrimaryAgent agent =
                        new PrimaryAgent(settings, wiring, kafka, CaptureTap.NONE, fence(settings, kafka));
                StatusSocket status =
                        new StatusSocket(settings.socket("status.sock"), () -> json(settings, agent, kafka));
                CommandSocket commands = new CommandSocket(
                        settings.socket(CommandCall.SOCKET), request -> PrimaryCommands.answer(agent, request))) {
            kafka.follow(new VmId(settings.vm()), agent::command);
            termination.byCalling(agent::stop);
            agent.run();
            return 0;
        }
    }

    private static Optional<Fence> fence(PrimaryConfig settings, KafkaSide kafka)
            throws IOException, InterruptedException {
        try {
            return settings.fence() == FenceChoice.KAFKA
                    ? Optional.of(kafka.fence(new VmId(settings.vm())))
                    : Optional.empty();
        } catch (FenceException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static JsonNode json(PrimaryConfig settings, PrimaryAgent agent, KafkaSide kafka) {
        JsonMapper mapper = new JsonMapper();
        ObjectNode status = mapper.valueToTree(agent.status());
        agent.wire().ifPresent(wire -> wire.addTo(status));
        if (settings.backup().unsafePlaintext()) {
            status.put("warning", Wirings.UNSAFE);
        }
        status.set("kafka", mapper.valueToTree(kafka.status()));
        agent.fenceRecord().ifPresent(record -> status.set("fence", FenceDocument.of(record)));
        return status;
    }
}
