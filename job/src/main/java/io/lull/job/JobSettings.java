package io.lull.job;

import io.lull.job.kafka.Delivery;
import io.lull.job.kafka.KafkaEnds;
import io.lull.job.schedule.Operators;
import io.lull.job.schedule.SchedulerSettings;
import io.lull.policy.registry.PolicyRegistry;
import io.lull.schemas.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/**
 * The job's settings, checked.
 *
 * @param topics the topics' names
 * @param kafka how to reach them
 * @param scheduler how VMs are scheduled
 * @param delivery how decisions and metrics are written
 * @param metrics whether windowed metrics are written
 */
record JobSettings(Topics topics, KafkaEnds kafka, SchedulerSettings scheduler, Delivery delivery, boolean metrics) {

    /** Reads and checks the options; refuses unknown keys, unknown policies and values out of range. */
    static JobSettings of(Configuration configuration) {
        refuseUnknown(configuration);
        String policy = configuration.get(JobOptions.POLICY);
        Operators.whyNot(PolicyRegistry.standard(), policy).ifPresent(why -> {
            throw new IllegalArgumentException(JobOptions.POLICY.key() + ": " + why);
        });
        Duration lease = configuration.get(JobOptions.LEASE);
        if (lease.compareTo(Topics.LONGEST_LEASE) > 0) {
            throw new IllegalArgumentException(JobOptions.LEASE.key() + " is " + lease + ", longest is "
                    + Topics.LONGEST_LEASE + ": the commands topic may compact older plans away");
        }
        SchedulerSettings scheduler = new SchedulerSettings(
                policy,
                configuration.get(JobOptions.INTERVAL).toNanos(),
                configuration.get(JobOptions.MAX_EPOCH).toNanos(),
                configuration.get(JobOptions.PLACEMENT),
                micros(lease),
                micros(configuration.get(JobOptions.REASSERT)),
                micros(configuration.get(JobOptions.STALENESS)),
                micros(configuration.get(JobOptions.FORGET_AFTER)),
                micros(configuration.get(JobOptions.COMMAND_EXPIRY)));
        return new JobSettings(
                new Topics(configuration.get(JobOptions.TOPIC_PREFIX), Topics.DEFAULT.partitions()),
                new KafkaEnds(configuration.get(JobOptions.BOOTSTRAP_SERVERS), kafkaProperties(configuration)),
                scheduler,
                configuration.get(JobOptions.DELIVERY),
                configuration.get(JobOptions.METRICS));
    }

    private static void refuseUnknown(Configuration configuration) {
        List<String> known = JobOptions.ALL.stream().map(ConfigOption::key).toList();
        for (String key : configuration.keySet()) {
            if (key.startsWith("lull.") && !key.startsWith(JobOptions.KAFKA_PREFIX) && !known.contains(key)) {
                throw new IllegalArgumentException("unknown option " + key + "; known are " + String.join(", ", known)
                        + " and " + JobOptions.KAFKA_PREFIX + "*");
            }
        }
    }

    private static Map<String, String> kafkaProperties(Configuration configuration) {
        Map<String, String> properties = new HashMap<>();
        configuration.toMap().forEach((key, value) -> {
            if (key.startsWith(JobOptions.KAFKA_PREFIX)) {
                properties.put(key.substring(JobOptions.KAFKA_PREFIX.length()), value);
            }
        });
        return properties;
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1000;
    }
}
