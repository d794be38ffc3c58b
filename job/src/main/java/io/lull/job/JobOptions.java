package io.lull.job;

import io.lull.job.kafka.Delivery;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.remus.FixedIntervalPolicy;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** The job's options. All begin with {@code lull.}; everything else on the command line goes to Flink. */
public final class JobOptions {
    /** Settings that begin with this go to every Kafka client, without it. */
    public static final String KAFKA_PREFIX = "lull.kafka.";

    public static final ConfigOption<String> BOOTSTRAP_SERVERS = ConfigOptions.key("lull.bootstrap-servers")
            .stringType()
            .defaultValue("127.0.0.1:9092")
            .withDescription("The Kafka cluster, host:port, separated by commas.");

    public static final ConfigOption<String> TOPIC_PREFIX = ConfigOptions.key("lull.topic-prefix")
            .stringType()
            .defaultValue("lull")
            .withDescription("Begin of every topic's name; must be what probes and workers use.");

    public static final ConfigOption<String> POLICY = ConfigOptions.key("lull.policy")
            .stringType()
            .defaultValue(FixedIntervalPolicy.NAME)
            .withDescription("Policy of every VM for which no operator chose one.");

    public static final ConfigOption<Duration> INTERVAL = ConfigOptions.key("lull.interval")
            .durationType()
            .defaultValue(Duration.ofMillis(25))
            .withDescription(
                    "Epoch length of a fixed-interval policy. Short: overhead; long: every answer waits longer.");

    public static final ConfigOption<Duration> MAX_EPOCH = ConfigOptions.key("lull.max-epoch")
            .durationType()
            .defaultValue(Duration.ofMillis(25))
            .withDescription("T_max of the other policies: an epoch ends at this age without an idle slot.");

    public static final ConfigOption<TriggerPlacement> PLACEMENT = ConfigOptions.key("lull.placement")
            .enumType(TriggerPlacement.class)
            .defaultValue(TriggerPlacement.HOST)
            .withDescription("Who looks for idle slots: HOST (worker, under a millisecond), JOB (commands) or BOTH.");

    public static final ConfigOption<Duration> LEASE = ConfigOptions.key("lull.lease")
            .durationType()
            .defaultValue(Duration.ofSeconds(2))
            .withDescription("How long a plan holds after its sample. Short: fallbacks on hiccups; long: a VM keeps an"
                    + " outdated plan when the job is gone. At least twice the re-assert period.");

    public static final ConfigOption<Duration> REASSERT = ConfigOptions.key("lull.reassert")
            .durationType()
            .defaultValue(Duration.ofMillis(500))
            .withDescription("How often an unchanged plan is sent again with a fresh lease.");

    public static final ConfigOption<Duration> STALENESS = ConfigOptions.key("lull.staleness")
            .durationType()
            .defaultValue(Duration.ofSeconds(1))
            .withDescription("Telemetry silent for this long: no plan is sent, and a decision says so.");

    public static final ConfigOption<Duration> COMMAND_EXPIRY = ConfigOptions.key("lull.command-expiry")
            .durationType()
            .defaultValue(Duration.ofMillis(50))
            .withDescription("How long after its sample a command to end an epoch may be acted on.");

    public static final ConfigOption<Duration> FORGET_AFTER = ConfigOptions.key("lull.forget-after")
            .durationType()
            .defaultValue(Duration.ofHours(1))
            .withDescription(
                    "Telemetry silent for this long: all that was learned of the VM is dropped. Short: a VM that"
                            + " comes back is learned anew; long: state of VMs that are gone.");

    public static final ConfigOption<Delivery> DELIVERY = ConfigOptions.key("lull.delivery")
            .enumType(Delivery.class)
            .defaultValue(Delivery.AT_LEAST_ONCE)
            .withDescription(
                    "How decisions and metrics are written: AT_LEAST_ONCE, or EXACTLY_ONCE in transactions that"
                            + " end with each Flink checkpoint, to be read with isolation.level=read_committed. Commands are"
                            + " always written at once.");

    public static final ConfigOption<Boolean> METRICS = ConfigOptions.key("lull.metrics")
            .booleanType()
            .defaultValue(true)
            .withDescription("Whether windowed metrics are computed and written.");

    /** All of them. */
    public static final List<ConfigOption<?>> ALL = List.of(
            BOOTSTRAP_SERVERS,
            TOPIC_PREFIX,
            POLICY,
            INTERVAL,
            MAX_EPOCH,
            PLACEMENT,
            LEASE,
            REASSERT,
            STALENESS,
            COMMAND_EXPIRY,
            FORGET_AFTER,
            DELIVERY,
            METRICS);

    private JobOptions() {}
}
