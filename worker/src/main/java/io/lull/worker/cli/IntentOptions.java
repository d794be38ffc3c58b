package io.lull.worker.cli;

import io.lull.policy.OperatorIntent;
import io.lull.policy.OperatorIntent.Kind;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.VmId;
import io.lull.worker.config.ConfigException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** What an intent says beside its kind, as options of the command line. */
final class IntentOptions {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MAX_MILLIS = 3_600_000;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int MAX_SECONDS = 366 * 24 * 3600;

    @Option(names = "--policy", description = "name of a policy; with choose-policy")
    private Optional<String> policy = Optional.empty();

    @Option(names = "--interval-millis", description = "length of fixed epochs; needed by pin-interval")
    private Optional<Double> intervalMillis = Optional.empty();

    @Option(names = "--max-epoch-millis", description = "longest epoch (T_max)")
    private Optional<Double> maxEpochMillis = Optional.empty();

    @Option(names = "--placement", description = "who looks for idle slots: host, job or both")
    private Optional<String> placement = Optional.empty();

    @Option(names = "--p99-millis", description = "99 of 100 frames are to leave within this time")
    private Optional<Double> p99Millis = Optional.empty();

    @Option(names = "--overhead-percent", description = "share of the VM's time that pauses may take")
    private Optional<Double> overheadPercent = Optional.empty();

    @Option(names = "--shipped-bytes-per-second", description = "what replication may send")
    private Optional<Long> shippedBytesPerSecond = Optional.empty();

    @Option(
            names = "--encode-threads",
            description = "most threads that may work on the VM's pages, within its worker's configuration")
    private Optional<Integer> encodeThreads = Optional.empty();

    @Option(names = "--for-seconds", description = "holds so long; needed by exclude; without it, until taken back")
    private Optional<Integer> forSeconds = Optional.empty();

    @Option(names = "--author", description = "who asks; default: this user")
    private String author = System.getProperty("user.name", "");

    @Option(names = "--reason", description = "why, for plans and decisions to repeat; needed")
    private String reason = "";

    /**
     * The intent that these options and {@code kind} make.
     *
     * @throws ConfigException when the kind needs what isn't there, or has no use for what is
     */
    OperatorIntent of(VmId vm, Kind kind, long nowMicros) throws ConfigException {
        refuseUseless(kind);
        OptionalLong interval = nanos("--interval-millis", intervalMillis);
        OptionalLong longest = nanos("--max-epoch-millis", maxEpochMillis);
        OptionalLong delay = nanos("--p99-millis", p99Millis);
        Optional<TriggerPlacement> where =
                placement.isPresent() ? Optional.of(placed(placement.get())) : Optional.empty();
        OptionalLong until = until(nowMicros);
        Targets targets = Arguments.checked(
                "the targets",
                () -> new Targets(
                        delay,
                        overheadPercent
                                .map(percent -> OptionalDouble.of(percent / 100))
                                .orElseGet(OptionalDouble::empty),
                        shippedBytesPerSecond.map(OptionalLong::of).orElseGet(OptionalLong::empty),
                        encodeThreads.map(OptionalInt::of).orElseGet(OptionalInt::empty)));
        return Arguments.checked(
                "intent",
                () -> new OperatorIntent(
                        vm, kind, policy, interval, longest, where, targets, author, reason, nowMicros, until));
    }

    private void refuseUseless(Kind kind) throws ConfigException {
        boolean chooses = kind == Kind.CHOOSE_POLICY;
        boolean asks = chooses || kind == Kind.OBJECTIVES;
        refuse(kind, !chooses && policy.isPresent(), "--policy");
        refuse(kind, !asks && kind != Kind.PIN_INTERVAL && intervalMillis.isPresent(), "--interval-millis");
        boolean asked = Stream.of(
                        maxEpochMillis, placement, p99Millis, overheadPercent, shippedBytesPerSecond, encodeThreads)
                .anyMatch(Optional::isPresent);
        refuse(
                kind,
                !asks && asked,
                "--max-epoch-millis, --placement, --p99-millis, --overhead-percent, --shipped-bytes-per-second or"
                        + " --encode-threads");
    }

    private static void refuse(Kind kind, boolean useless, String options) throws ConfigException {
        if (useless) {
            throw new ConfigException(word(kind) + " has no use for " + options);
        }
    }

    /** How a kind is written on the command line. */
    static String word(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The kind of that word. */
    static Kind kind(String word) throws ConfigException {
        return Stream.of(Kind.values())
                .filter(each -> word(each).equals(word))
                .findFirst()
                .orElseThrow(() -> new ConfigException("nothing is asked by '" + word + "'; there are "
                        + Stream.of(Kind.values()).map(IntentOptions::word).collect(Collectors.joining(", "))));
    }

    private static TriggerPlacement placed(String word) throws ConfigException {
        return Stream.of(TriggerPlacement.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst()
                .orElseThrow(() -> new ConfigException("--placement must be host, job or both, is " + word));
    }

    private static OptionalLong nanos(String option, Optional<Double> millis) throws ConfigException {
        if (millis.isEmpty()) {
            return OptionalLong.empty();
        }
        double value = millis.get();
        if (!(value * NANOS_PER_MILLI >= 1 && value <= MAX_MILLIS)) {
            throw new ConfigException(option + " must be above 0 and at most " + (long) MAX_MILLIS + ", is " + value);
        }
        return OptionalLong.of(Math.round(value * NANOS_PER_MILLI));
    }

    private OptionalLong until(long nowMicros) throws ConfigException {
        if (forSeconds.isEmpty()) {
            return OptionalLong.empty();
        }
        int seconds = forSeconds.get();
        if (seconds < 1 || seconds > MAX_SECONDS) {
            throw new ConfigException("--for-seconds must be from 1 to " + MAX_SECONDS + ", is " + seconds);
        }
        return OptionalLong.of(nowMicros + seconds * MICROS_PER_SECOND);
    }
}
