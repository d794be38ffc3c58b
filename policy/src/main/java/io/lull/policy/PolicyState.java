package io.lull.policy;

/**
 * What a policy remembers of one VM. A class with public fields, because Flink keeps it as state and must be able to
 * add and remove fields.
 */
public class PolicyState {
    /** Changes whenever the plan that would be made of this state changes in a way that the worker should know. */
    public long revision;
}
