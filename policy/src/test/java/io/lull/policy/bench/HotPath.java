package io.lull.policy.bench;

import io.lull.policy.HardLimits;
import io.lull.policy.IdleRule;
import io.lull.policy.LeasedPlan;
import io.lull.policy.Objectives;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.lull.LullPolicy;
import io.lull.policy.lull.LullState;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.IdleSlotDetector;
import io.lull.policy.signal.IdleState;
import io.lull.policy.signal.SampleView;
import io.lull.policy.trigger.EpochTrigger;
import io.lull.policy.trigger.TriggerInput;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** All that happens at a sample: Lull learns from it, the detector judges it, and the trigger decides. */
public final class HotPath {
    /** Samples that are gone through over and over; a power of two. */
    static final int SAMPLES = 4_096;

    private static final long INTERVAL_NANOS = 1_000_000;
    private static final int SAMPLES_OF_EPOCH = 16;
    private static final VmId VM = new VmId("vm-1");

    private final LullPolicy policy = new LullPolicy();
    private final Objectives objectives =
            new Objectives(25_000_000, 100_000_000, TriggerPlacement.HOST, Targets.outputDelay(25_000_000));
    private final LullState state = policy.initialState();
    private final IdleState idle = new IdleState();
    private final TriggerInput input =
            new TriggerInput(VM, new HardLimits(0, 500_000_000, 25_000_000, 1L << 20, 256L << 20));
    private final SampleView[] samples = new SampleView[SAMPLES];
    private int next;
    private long atMicros;

    /** Samples of a server under load, and a policy that has seen two hundred of its epochs. */
    public HotPath(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < SAMPLES; i++) {
            samples[i] = sample(random, i);
        }
        for (int i = 0; i < 200; i++) {
            step();
            policy.onReport(state, report(random, i + 1), objectives);
        }
        input.plan = Optional.of(new LeasedPlan(1, policy.plan(state, objectives), Long.MAX_VALUE));
    }

    /** One sample; returns what the trigger said. */
    public Optional<TriggerReason> step() {
        SampleView sample = samples[next & (SAMPLES - 1)];
        next++;
        atMicros += INTERVAL_NANOS / 1000;
        sample.sampledAtMicros = atMicros;
        sample.epoch = 1L + next / SAMPLES_OF_EPOCH;
        policy.onSample(state, sample, objectives);
        IdleSlotDetector.update(idle, sample, IdleRule.DEFAULT);
        input.sample = sample;
        input.nowMicros = atMicros;
        input.load(idle);
        input.lastPauseNanos = 2_000_000;
        input.dirtyPages = 40.0 * (next & (SAMPLES_OF_EPOCH - 1));
        return EpochTrigger.decide(input);
    }

    private static SampleView sample(Random random, int i) {
        SampleView sample = new SampleView();
        int inEpoch = i % SAMPLES_OF_EPOCH;
        sample.intervalNanos = INTERVAL_NANOS;
        sample.elapsedNanos = (long) inEpoch * INTERVAL_NANOS + 100_000;
        sample.vcpus = 4;
        sample.busyRatio = inEpoch < 12 ? 0.5 + 0.5 * random.nextDouble() : 0.02 * random.nextDouble();
        sample.txPackets = inEpoch < 12 ? random.nextInt(10) : 0L;
        sample.txBytes = sample.txPackets * 400;
        sample.rxPackets = inEpoch < 3 ? random.nextInt(30) : 0L;
        sample.rxBytes = sample.rxPackets * 120;
        sample.heldPackets = 4L * inEpoch;
        sample.openPackets = sample.heldPackets;
        sample.oldestOpenNanos = (long) inEpoch * INTERVAL_NANOS;
        sample.oldestHeldNanos = sample.oldestOpenNanos;
        sample.connections = 50;
        sample.requestsPending = Math.max(0, 12 - inEpoch);
        sample.diskInFlight = random.nextInt(20) == 0 ? 1 : 0;
        sample.addService(80, Math.min(12, inEpoch), Math.min(12, inEpoch), Math.max(0, 12 - inEpoch));
        sample.addService(443, random.nextInt(3), 3, random.nextInt(3));
        sample.addService(22, inEpoch & 1, inEpoch & 1, 1 - (inEpoch & 1));
        return sample;
    }

    private static EpochReport report(Random random, long epoch) {
        long pages = 200 + random.nextInt(800);
        return new EpochReport(
                VM,
                "host-1",
                epoch,
                0,
                TriggerReason.WAIT_PRICE,
                epoch * 16_000,
                5_000_000 + random.nextInt(10_000_000),
                new EpochReport.Pause(650_000, 4_000 * pages, 0, 0, 0),
                new EpochReport.Pages(pages, 0, 0, pages, 0),
                List.of(),
                new EpochReport.Bytes(0, 0, 400 * pages, 0, 0),
                new EpochReport.Stages(0, 0, 0, 900 * pages, 800_000 + 4_900 * pages),
                new EpochReport.Held(50, 20_000, 10_000_000),
                new EpochReport.Trigger(0, 0, 0.5),
                "none",
                1);
    }
}
