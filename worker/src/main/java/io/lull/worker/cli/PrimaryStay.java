package io.lull.worker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lull.policy.VmId;
import io.lull.worker.config.ConfigException;
import io.lull.worker.config.FenceChoice;
import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.config.Wirings;
import io.lull.worker.fence.Fence;
import io.lull.worker.kafka.KafkaSide;
import io.lull.worker.page.PagePool;
import io.lull.worker.primary.CaptureTap;
import io.lull.worker.primary.PrimaryAgent;
import io.lull.worker.primary.PrimaryCommands;
import io.lull.worker.primary.PrimaryStatus;
import io.lull.worker.status.CommandSocket;
import io.lull.worker.status.StatusSocket;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/**
 * One VM's stay in {@code lull primary}: its agent, its sockets and its connections, none of which another VM uses.
 *
 * @param settings its configuration
 * @param wiring how its connection to the backup is protected
 * @param pool the threads that encode pages, shared with the other VMs of the process
 */
record PrimaryStay(PrimaryConfig settings, Wiring wiring, PagePool pool) implements VmGroup.Life {
    @Override
    public void live(Stop stop) throws IOException, ConfigException, InterruptedException {
        Files.createDirectories(settings.runDir());
        try (KafkaSide kafka = Connections.kafka(settings.kafka());
                PrimaryAgent agent = new PrimaryAgent(
                        settings, wiring, kafka, CaptureTap.NONE, fence(kafka), granted -> pool.workers());
                StatusSocket status = new StatusSocket(settings.socket(StatusSocket.NAME), () -> json(agent, kafka));
                CommandSocket commands = new CommandSocket(
                        settings.socket(CommandCall.SOCKET), request -> PrimaryCommands.answer(agent, request))) {
            kafka.follow(new VmId(settings.vm()), agent::command);
            stop.byCalling(agent::stop);
            agent.run();
        }
    }

    private Optional<Fence> fence(KafkaSide kafka) throws IOException, InterruptedException {
        return settings.fence() == FenceChoice.KAFKA
                ? Optional.of(Connections.fence(kafka, settings.vm()))
                : Optional.empty();
    }

    private JsonNode json(PrimaryAgent agent, KafkaSide kafka) {
        JsonMapper mapper = new JsonMapper();
        PrimaryStatus now = agent.status();
        ObjectNode status = mapper.valueToTree(now);
        if (!now.framesKnown()) {
            // Who doesn't look whether they are known must not read a zero.
            status.remove(List.of("heldBytes", "droppedFrames"));
        }
        agent.wire().ifPresent(wire -> wire.addTo(status));
        if (settings.backup().unsafePlaintext()) {
            status.put("warning", Wirings.UNSAFE);
        }
        status.set("kafka", mapper.valueToTree(kafka.status()));
        agent.fenceRecord().ifPresent(record -> status.set("fence", FenceDocument.of(record)));
        return status;
    }
}
