package io.lull.policy.signal;

/** What {@link Conversation} remembers. A class with public fields, because Flink keeps it as state. */
public final class ConversationState {
    /** How many clients take part, at least 1. */
    public double clients = 1;
}
