package io.lull.policy;

import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.SampleView;
import java.util.Set;

/**
 * A rule that says when to checkpoint a VM. It learns from samples and epoch reports and answers with a plan; what it
 * has learned is a value apart from it, which Flink keeps across restarts and the simulator replays. An implementation
 * holds no mutable field, reads no clock and draws no random number: the same observations lead to the same plans.
 *
 * <p>{@link #onSample} runs for every sample of every VM and must not allocate; {@link #plan} is asked for only when
 * {@link PolicyState#revision} has changed, and may.
 *
 * @param <S> what the policy remembers of one VM
 */
public interface CheckpointPolicy<S extends PolicyState> {
    /** The published name, for example {@code remus.fixed}. */
    String name();

    /** The signals without which this policy must not run. */
    Set<Signal> requires();

    /** The state's type: a public class that Flink's POJO serializer takes (public fields of simple types). */
    Class<S> stateType();

    S initialState();

    /**
     * Takes up one sample, in place.
     *
     * @param sample reused by the caller: nothing of it may be kept
     */
    void onSample(S state, SampleView sample, Objectives objectives);

    /** Takes up what one committed checkpoint was and cost, in place. */
    void onReport(S state, EpochReport report, Objectives objectives);

    /** What the worker is to do from now on. */
    EpochPlan plan(S state, Objectives objectives);
}
