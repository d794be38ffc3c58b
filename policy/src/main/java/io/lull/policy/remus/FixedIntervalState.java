package io.lull.policy.remus;

/** What {@link FixedIntervalPolicy} remembers: nothing that it needs, but Flink's serializer wants a field. */
public final class FixedIntervalState {
    /** Steps taken. */
    public long steps;
}
