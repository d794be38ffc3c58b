package io.lull.schemas.wire;

import io.lull.policy.Conditions;
import io.lull.policy.Decision;
import io.lull.policy.DirtyRule;
import io.lull.policy.DivergenceRule;
import io.lull.policy.EpochPlan;
import io.lull.policy.IdleRule;
import io.lull.policy.LeasedPlan;
import io.lull.policy.OperatorIntent;
import io.lull.policy.OutputRule;
import io.lull.policy.Reason;
import io.lull.policy.ReplicationEvent;
import io.lull.policy.ServiceRule;
import io.lull.policy.ServicesRule;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.TriggerReason;
import io.lull.policy.WaitRule;
import io.lull.policy.WorkerCommand;
import io.lull.policy.fence.FenceRecord;
import io.lull.policy.fence.FenceState;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.DiskSample;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.HostSample;
import io.lull.policy.signal.NetworkSample;
import io.lull.policy.signal.ServiceSample;
import io.lull.policy.signal.TcpSample;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import io.lull.policy.signal.WindowMetrics;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Stream;

/** Draws values of all record kinds over their full ranges, extremes more often than chance would. */
public final class RandomValues extends RandomParts {
    public RandomValues(long seed) {
        super(seed);
    }

    public VmSample sample() {
        return new VmSample(
                vm(),
                text(),
                count(),
                count(),
                positive(),
                count(),
                list(() -> new VcpuSample(level(), count(), count(), count())),
                any(DirtySource.class),
                network(),
                new DiskSample(count(), count(), count(), level()),
                new TcpSample(level(), level(), level(), level(), count(), level(), list(this::service)),
                host());
    }

    private ServiceSample service() {
        int waiting = level();
        return new ServiceSample(1 + random.nextInt(0xFFFF), waiting, Math.max(waiting, level()), level());
    }

    private ServiceRule serviceRule() {
        return new ServiceRule(1 + random.nextInt(0xFFFF), 1 + upTo(1e6), upTo(1e6), upTo(1e6));
    }

    /** One to three samples. */
    public List<VmSample> tick() {
        return Stream.generate(this::sample).limit(1L + random.nextInt(3)).toList();
    }

    private EpochReport.Pause pause() {
        long stopNanos = duration();
        return new EpochReport.Pause(stopNanos, duration(), duration(), duration(), stopNanos / 2);
    }

    public EpochReport epoch() {
        long unchanged = count() >>> 3;
        long zero = count() >>> 3;
        long delta = count() >>> 3;
        long raw = count() >>> 3;
        return new EpochReport(
                vm(),
                text(),
                positive(),
                count(),
                any(TriggerReason.class),
                count(),
                count(),
                pause(),
                new EpochReport.Pages(unchanged + zero + delta + raw, unchanged, zero, delta, raw),
                list(this::count),
                new EpochReport.Bytes(count(), count(), count(), count(), count()),
                new EpochReport.Stages(count(), count(), count(), count(), count()),
                new EpochReport.Held(count(), count(), count()),
                new EpochReport.Trigger(count(), count(), share()),
                text(),
                (int) (1 + (level() & 0xffff)));
    }

    public WorkerCommand command() {
        if (random.nextBoolean()) {
            return new WorkerCommand.EndEpoch(
                    vm(),
                    count(),
                    positive(),
                    any(TriggerReason.class),
                    random.nextBoolean(),
                    count(),
                    count(),
                    count());
        }
        return new WorkerCommand.StandingPlan(vm(), count(), new LeasedPlan(count(), plan(), count(), threads()));
    }

    public Decision decision() {
        return new Decision(
                vm(),
                positive(),
                count(),
                count(),
                word(),
                any(Decision.Kind.class),
                list(() -> new Decision.NamedValue(word(), finite())),
                list(this::text),
                list(this::text),
                reason());
    }

    public OperatorIntent intent() {
        OperatorIntent.Kind kind = any(OperatorIntent.Kind.class);
        return new OperatorIntent(
                vm(),
                kind,
                maybe(this::word, kind == OperatorIntent.Kind.CHOOSE_POLICY),
                maybeLong(kind == OperatorIntent.Kind.PIN_INTERVAL || kind == OperatorIntent.Kind.OBJECTIVES),
                maybeLong(false),
                maybe(() -> any(TriggerPlacement.class), false),
                targets(),
                word(),
                word(),
                count(),
                maybeLong(kind == OperatorIntent.Kind.EXCLUDE));
    }

    public WindowMetrics metrics() {
        return new RandomWindows(random.nextLong()).window();
    }

    public ReplicationEvent event() {
        return new ReplicationEvent(vm(), text(), any(ReplicationEvent.Kind.class), count(), count(), text());
    }

    public FenceRecord fence() {
        FenceState state = any(FenceState.class);
        boolean protects = state == FenceState.PRIMARY_PROTECTED || state == FenceState.TAKEN;
        return new FenceRecord(
                vm(),
                state,
                positive(),
                id(state != FenceState.FREE || random.nextBoolean()),
                id(protects),
                id(state == FenceState.TAKEN),
                text(),
                text(),
                count(),
                Stream.generate(() -> id(true).orElseThrow())
                        .limit(random.nextInt(FenceRecord.MAX_BARRED + 1))
                        .toList());
    }

    private Optional<UUID> id(boolean present) {
        return present ? Optional.of(new UUID(random.nextLong(), random.nextLong())) : Optional.empty();
    }

    private NetworkSample network() {
        if (random.nextInt(8) == 0) {
            return NetworkSample.UNKNOWN;
        }
        long heldPackets = count();
        long oldestHeldNanos = count();
        return new NetworkSample(
                count(),
                count(),
                count(),
                count(),
                heldPackets,
                count(),
                oldestHeldNanos,
                Math.min(heldPackets, count()),
                Math.min(oldestHeldNanos, count()));
    }

    private HostSample host() {
        int cores = 1 + (level() & 0xffff);
        return new HostSample(cores, share() * cores, random.nextBoolean(), count(), count());
    }

    private EpochPlan plan() {
        long one = positive();
        long other = positive();
        long idle = count();
        long weak = count();
        Conditions conditions = new Conditions(
                maybe(() -> new IdleRule(share(), Math.min(idle, weak), count(), Math.max(idle, weak), count()), false),
                maybe(() -> new OutputRule(positive(), positive(), upTo(1000), count(), upTo(1e12)), false),
                maybe(() -> new DirtyRule(positive()), false),
                maybe(this::waitRule, false),
                maybe(() -> new DivergenceRule(count()), false));
        return new EpochPlan(
                text(), Math.min(one, other), Math.max(one, other), conditions, any(TriggerPlacement.class), reason());
    }

    private WaitRule waitRule() {
        return new WaitRule(
                upTo(1e6),
                upTo(1e6),
                1 + upTo(1e6),
                level(),
                upTo(1e15),
                upTo(1e15),
                share(),
                share(),
                share(),
                count(),
                upTo(1e12),
                upTo(1e9),
                count(),
                count(),
                new ServicesRule(upTo(1e6), list(this::serviceRule)));
    }

    private Targets targets() {
        return new Targets(
                maybeLong(false),
                random.nextBoolean() ? OptionalDouble.of(Math.max(1e-6, share())) : OptionalDouble.empty(),
                maybeLong(false),
                threads());
    }

    private OptionalInt threads() {
        return random.nextBoolean() ? OptionalInt.of(1 + random.nextInt(256)) : OptionalInt.empty();
    }

    private Reason reason() {
        return new Reason(
                Stream.concat(Stream.of(word()), list(this::word).stream()).toList());
    }
}
