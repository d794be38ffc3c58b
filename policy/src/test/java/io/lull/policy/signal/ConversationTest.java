package io.lull.policy.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ConversationTest {
    private static final long TAU = Views.SECOND;

    @Test
    void isOneWhenNobodyTakesPart() {
        ConversationState state = new ConversationState();
        assertThat(Conversation.clients(state)).isEqualTo(1);

        Conversation.update(state, Views.talk(1, 50, 0, 0), TAU);
        assertThat(Conversation.clients(state)).isEqualTo(1);
    }

    @Test
    void countsThoseThatAskAndThoseWhoseAnswerIsHeld() {
        assertThat(Conversation.now(Views.talk(1, 10, 3, 4))).isEqualTo(7);
        assertThat(Conversation.now(Views.talk(1, 10, 3, 400))).isEqualTo(10);
        assertThat(Conversation.now(Views.talk(1, 10, 10, 5))).isEqualTo(10);
        assertThat(Conversation.now(Views.talk(1, 1, 0, 500))).isEqualTo(1);
        assertThat(Conversation.now(Views.talk(1, 0, 0, 5))).isZero();
    }

    @Test
    void findsTheClientsOfAClosedLoopAmongSleepingConnections() {
        long seed = 71;
        Random random = new Random(seed);
        ConversationState state = new ConversationState();
        int served = 0;
        for (int i = 0; i < 5000; i++) {
            served = i % 25 == 0 ? 0 : Math.min(10, served + random.nextInt(3));
            Conversation.update(state, Views.talk(1 + i / 25, 40, 10 - served, served), TAU);
            assertThat(Conversation.clients(state)).as("seed %s", seed).isEqualTo(10);
        }
    }

    @Test
    void outlivesTheMomentsAfterARelease() {
        ConversationState state = new ConversationState();
        Conversation.update(state, Views.talk(1, 20, 0, 10), TAU);
        for (int i = 0; i < 20; i++) {
            Conversation.update(state, Views.talk(2, 20, 0, 0), TAU);
        }

        assertThat(Conversation.clients(state)).isEqualTo(10, within(0.3));
    }

    @Test
    void forgetsClientsThatLeft() {
        ConversationState state = new ConversationState();
        Conversation.update(state, Views.talk(1, 100, 100, 0), TAU);
        for (int i = 0; i < 5000; i++) {
            Conversation.update(state, Views.talk(2, 100, 2, 0), TAU);
        }

        assertThat(Conversation.clients(state)).isEqualTo(2);
    }

    @Test
    void staysAFiniteNumberWhateverComes() {
        ConversationState state = new ConversationState();
        SampleView view = Views.talk(1, Integer.MAX_VALUE, -5, -5);
        view.intervalNanos = Long.MAX_VALUE;
        view.heldPackets = Long.MAX_VALUE;
        Conversation.update(state, view, 0);

        assertThat(Conversation.clients(state)).isEqualTo(Integer.MAX_VALUE);
    }
}
