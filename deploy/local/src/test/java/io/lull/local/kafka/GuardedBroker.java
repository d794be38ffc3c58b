package io.lull.local.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.lull.producer.kafka.KafkaConnection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A broker that knows its clients by name and lets them do what the users of a manifest may do, and nothing else. */
public final class GuardedBroker implements AutoCloseable {
    private static final String ADMIN = "admin";
    private static final String LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required";

    private final EmbeddedBroker broker;

    private GuardedBroker(EmbeddedBroker broker) {
        this.broker = broker;
    }

    /** Starts a broker with the {@code KafkaUser}s of a YAML file. */
    public static GuardedBroker start(Path folder, Path manifest)
            throws IOException, ExecutionException, InterruptedException {
        List<JsonNode> users = users(manifest);
        EmbeddedBroker broker = new EmbeddedBroker(folder, settings(users));
        broker.start();
        GuardedBroker guarded = new GuardedBroker(broker);
        List<AclBinding> rules = new ArrayList<>();
        users.forEach(user -> rules.addAll(rulesOf(user)));
        try (Admin admin = Admin.create(guarded.connection(ADMIN).clientSettings())) {
            admin.createAcls(rules).all().get();
        }
        return guarded;
    }

    private static List<JsonNode> users(Path manifest) throws IOException {
        try (InputStream in = Files.newInputStream(manifest);
                var values = new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(in)) {
            return values.readAll();
        }
    }

    private static String name(JsonNode user) {
        return user.at("/metadata/name").asText();
    }

    private static Map<String, String> settings(List<JsonNode> users) {
        StringBuilder logins = new StringBuilder(LOGIN + " username=\"" + ADMIN + "\" password=\"x\" user_admin=\"x\"");
        users.forEach(user -> logins.append(" user_").append(name(user)).append("=\"x\""));
        Map<String, String> settings = new HashMap<>();
        settings.put("listener.security.protocol.map", "PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("sasl.enabled.mechanisms", "PLAIN");
        settings.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
        settings.put("listener.name.plaintext.plain.sasl.jaas.config", logins + ";");
        settings.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        // Broker and controller, which are one process, talk to each other without a name.
        settings.put("super.users", "User:" + ADMIN + ";User:ANONYMOUS");
        return settings;
    }

    /** Kafka's own kind of what Strimzi writes as {@code topic} or {@code transactionalId}. */
    private static ResourceType resourceType(String strimzi) {
        return ResourceType.fromString(strimzi.replaceAll("([A-Z])", "_$1"));
    }

    private static List<AclBinding> rulesOf(JsonNode user) {
        List<AclBinding> rules = new ArrayList<>();
        for (JsonNode rule : user.at("/spec/authorization/acls")) {
            JsonNode resource = rule.path("resource");
            ResourcePattern pattern = new ResourcePattern(
                    resourceType(resource.path("type").asText()),
                    resource.path("name").asText(),
                    resource.path("patternType").asText().equals("prefix")
                            ? PatternType.PREFIXED
                            : PatternType.LITERAL);
            for (JsonNode operation : rule.path("operations")) {
                String word = operation.asText().replaceAll("(?<=[a-z])(?=[A-Z])", "_");
                rules.add(new AclBinding(
                        pattern,
                        new AccessControlEntry(
                                "User:" + name(user),
                                "*",
                                AclOperation.fromString(word.toUpperCase(Locale.ROOT)),
                                AclPermissionType.ALLOW)));
            }
        }
        return rules;
    }

    public EmbeddedBroker broker() {
        return broker;
    }

    /** What a client that logs in as {@code user} needs beside the broker's address. */
    public Map<String, String> login(String user) {
        return Map.of(
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                LOGIN + " username=\"" + user + "\" password=\"x\";");
    }

    public KafkaConnection connection(String user) {
        return new KafkaConnection(broker.bootstrapServers(), login(user));
    }

    public KafkaConnection administrator() {
        return connection(ADMIN);
    }

    /** Writes as {@code user}; what the broker says against it is the cause of the {@link ExecutionException}. */
    public void write(String user, String topic, byte[] value) throws ExecutionException, InterruptedException {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                connection(user).clientSettings(), new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, "k", value)).get();
        }
    }

    @Override
    public void close() {
        broker.close();
    }
}
