package io.lull.local.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceClaim.Party;
import io.lull.policy.fence.FenceState;
import io.lull.worker.fence.kafka.KafkaFence;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same where all begin the claim of a backup ahead, whoever they are: they overtake each other all the time. */
@Timeout(300)
class KafkaAheadFenceTest extends KafkaFenceTest {
    private static final Party RUN = new Party(new UUID(1, 1), "host-a");
    private static final Party BACKUP = new Party(new UUID(2, 1), "host-b");
    private static final UUID SESSION = new UUID(3, 1);
    private static final UUID NEXT_SESSION = new UUID(3, 2);
    private static final int CONTRACTS_SESSIONS = 1_000;

    private static FenceClaim take(Set<UUID> sessions) {
        return FenceClaim.take(BACKUP, sessions, "test");
    }

    @Override
    protected KafkaFence fence() {
        Set<UUID> all = new HashSet<>(Set.of(SESSION));
        for (int i = 0; i < CONTRACTS_SESSIONS; i++) {
            all.add(new UUID(4, i));
        }
        KafkaFence fence = super.fence();
        fence.expect(() -> Optional.of(take(all)));
        fence.keepReady();
        return fence;
    }

    private KafkaFence backup() {
        KafkaFence backup = super.fence();
        backup.expect(() -> Optional.of(take(Set.of(SESSION))));
        backup.keepReady();
        return backup;
    }

    /** The primary's session is recorded, and the backup has begun to claim ahead. */
    private static void protect(KafkaFence primary, KafkaFence backup) throws Exception {
        primary.claim(FenceClaim.protect(RUN, SESSION, "test"));
        Await.until("the takeover's claim is begun", backup::hasBegun);
    }

    @Test
    void aClaimThatWasBegunAheadIsGrantedAndSaysNothingBefore() throws Exception {
        try (KafkaFence primary = super.fence();
                KafkaFence backup = backup()) {
            protect(primary, backup);
            assertThat(primary.look().orElseThrow().state()).isEqualTo(FenceState.PRIMARY_PROTECTED);

            assertThat(backup.claim(take(Set.of(SESSION))).granted()).isTrue();
            assertThat(primary.claim(FenceClaim.goAlone(RUN, "test")).granted()).isFalse();
        }
    }

    @Test
    void aClaimThatWasBegunAheadIsVoidOnceAnotherBegan() throws Exception {
        try (KafkaFence primary = super.fence();
                KafkaFence backup = backup()) {
            protect(primary, backup);
            assertThat(primary.claim(FenceClaim.goAlone(RUN, "test")).granted()).isTrue();

            assertThat(backup.claim(take(Set.of(SESSION))).granted()).isFalse();
            assertThat(primary.look().orElseThrow().state()).isEqualTo(FenceState.ALONE);
        }
    }

    @Test
    void whatIsDeniedByWhatWasReadAheadIsReadAgain() throws Exception {
        try (KafkaFence primary = super.fence();
                KafkaFence backup = backup()) {
            protect(primary, backup);
            primary.claim(FenceClaim.protect(RUN, NEXT_SESSION, "test"));

            assertThat(backup.claim(take(Set.of(NEXT_SESSION))).granted()).isTrue();
        }
    }

    @Test
    void aPrimaryIsGrantedItsClaimThoughABackupBeginsOneAheadAgainAndAgain() throws Exception {
        try (KafkaFence primary = super.fence();
                KafkaFence backup = backup()) {
            for (int i = 0; i < 3; i++) {
                primary.claim(FenceClaim.protect(RUN, SESSION, "test"));
                backup.look();
                Await.until("the takeover's claim is begun", backup::hasBegun);
                assertThat(primary.claim(FenceClaim.goAlone(RUN, "test")).granted())
                        .isTrue();
            }
        }
    }
}
