package io.lull.bench.job.kafka;

import io.lull.producer.kafka.KafkaConnection;
import io.lull.schemas.topic.Topic;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/** Lets the records of a topic keep the times that they are sent with, for {@link Replay} to pass off as the broker's. */
public final class TickTimes {
    private TickTimes() {}

    public static void keep(KafkaConnection connection, Topic topic) throws IOException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
        ConfigEntry entry = new ConfigEntry(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime");
        AlterConfigOp set = new AlterConfigOp(entry, AlterConfigOp.OpType.SET);
        try (Admin admin = Admin.create(connection.clientSettings())) {
            admin.incrementalAlterConfigs(Map.of(resource, List.of(set))).all().get();
        } catch (ExecutionException e) {
            throw new IOException("cannot set " + entry.name() + " of " + topic.name() + ": " + e.getCause(), e);
        }
    }
}
