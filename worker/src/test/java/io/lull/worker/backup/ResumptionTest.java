package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.VmId;
import io.lull.worker.backup.Resumption.Decision;
import io.lull.worker.backup.Resumption.Found;
import io.lull.worker.backup.Resumption.Note;
import io.lull.worker.backup.Resumption.Verdict;
import io.lull.worker.protocol.EpochEnd;
import io.lull.worker.protocol.OnBackupLoss;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Each line of the table in {@link Resumption}. */
class ResumptionTest {
    private static final UUID STORE = new UUID(1, 1);
    private static final UUID IMAGE = new UUID(2, 2);
    private static final UUID SESSION = new UUID(3, 3);
    private static final String BOOT = "boot";
    private static final DiskStamp DISK = new DiskStamp(4096, 5);
    private static final CommitState STATE = new CommitState(
            STORE,
            TestVm.ID,
            BOOT,
            7,
            Optional.of(new CommitState.Image(IMAGE, 70, 9)),
            Optional.of(DISK),
            List.of(),
            Optional.empty(),
            new Freshness(
                    Optional.of(TestVm.WORKER),
                    Optional.of(TestVm.WORKER),
                    Optional.of(SESSION),
                    Optional.of(OnBackupLoss.HOLD_OUTPUT),
                    List.of(SESSION),
                    Optional.empty(),
                    Optional.empty()));

    private static Found found(CommitState state, List<UUID> images, List<RedoSeal> promises) {
        return new Found(
                TestVm.ID,
                Optional.of(BOOT),
                Note.NONE,
                Optional.empty(),
                Optional.of(state),
                images.stream()
                        .map(id -> new ImageTag(id, TestVm.ID, TestVm.LAYOUT))
                        .toList(),
                List.of(),
                promises,
                Optional.of(DISK),
                List.of());
    }

    private static Found found(RedoSeal... promises) {
        return found(STATE, List.of(IMAGE), List.of(promises));
    }

    private static RedoSeal promise(long number) {
        return promise(STORE, number, IMAGE, SESSION);
    }

    private static RedoSeal promise(UUID store, long number, UUID image, UUID session) {
        return new RedoSeal(store, number, image, session, 10 * number, new EpochEnd(0, 0, 1, 0, 0), 4096);
    }

    private static void assertAbsent(Found found, String why) {
        assertDecided(found, Decision.ABSENT, why);
    }

    private static void assertDecided(Found found, Decision decision, String why) {
        Verdict verdict = Resumption.decide(found);
        assertThat(verdict.decision()).as(verdict.why()).isEqualTo(decision);
        assertThat(verdict.why()).contains(why);
    }

    @Test
    void anImageWithAllThatWasPromisedIsTakenUpAsItIs() {
        Verdict verdict = Resumption.decide(found(promise(6), promise(7)));
        assertThat(verdict).isEqualTo(new Verdict(Decision.RESUME, verdict.why(), Optional.of(IMAGE), List.of()));
    }

    @Test
    void promisesAfterTheLastAppliedOneAreRedoneInTheirOrder() {
        Verdict verdict = Resumption.decide(found(promise(10), promise(7), promise(8), promise(9)));
        assertThat(verdict.decision()).isEqualTo(Decision.RESUME);
        assertThat(verdict.redo()).extracting(RedoSeal::number).containsExactly(8L, 9L, 10L);
    }

    @Test
    void anEpochThatIsMissingOrThereTwiceMakesAllOfItWorthless() {
        assertAbsent(found(promise(9)), "promise 8 is missing");
        assertAbsent(found(promise(8), promise(10)), "promise 9 is missing");
        assertAbsent(found(promise(8), promise(8)), "promise 9 is missing");
    }

    @Test
    void promisesOfAnotherStoreSessionOrSeveralImagesAreNoneOfThisImage() {
        assertAbsent(found(promise(new UUID(9, 9), 8, IMAGE, SESSION)), "another backup store's");
        assertAbsent(found(promise(new UUID(9, 9), 7, IMAGE, SESSION)), "another backup store's");
        assertAbsent(found(promise(STORE, 8, IMAGE, new UUID(9, 9))), "session that the state doesn't know");
        assertAbsent(found(promise(8), promise(STORE, 9, new UUID(9, 9), SESSION)), "several images");
    }

    @Test
    void theFirstEpochOfAnotherLayoutIsRedoneInItsOwnImage() {
        UUID next = new UUID(9, 9);
        RedoSeal first = promise(STORE, 8, next, SESSION);
        assertThat(Resumption.decide(found(STATE, List.of(IMAGE, next), List.of(first)))
                        .image())
                .contains(next);
        assertAbsent(found(STATE, List.of(IMAGE), List.of(first)), "the file of its image is gone");
    }

    @Test
    void theFirstEpochOfAllIsRedone() {
        CommitState none = new CommitState(
                STORE,
                TestVm.ID,
                BOOT,
                0,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                STATE.freshness());
        assertThat(Resumption.decide(found(none, List.of(IMAGE), List.of(promise(1))))
                        .decision())
                .isEqualTo(Decision.RESUME);
        assertThat(Resumption.decide(found(none, List.of(IMAGE), List.of())).decision())
                .isEqualTo(Decision.NOTHING);
    }

    @Test
    void whatIsAnotherVmsStaysAndWhatIsOfAnotherBootIsWorthless() {
        Found of = found();
        assertDecided(
                new Found(
                        new VmId("other"),
                        of.bootId(),
                        Note.NONE,
                        of.unreadable(),
                        of.state(),
                        of.images(),
                        of.untagged(),
                        of.promises(),
                        of.disk(),
                        of.changed()),
                Decision.REFUSED,
                "VM vm-1's");
        for (Optional<String> boot : List.of(Optional.of("another"), Optional.<String>empty())) {
            assertAbsent(
                    new Found(
                            TestVm.ID,
                            boot,
                            Note.NONE,
                            of.unreadable(),
                            of.state(),
                            of.images(),
                            of.untagged(),
                            of.promises(),
                            of.disk(),
                            of.changed()),
                    "the host was started anew");
        }
        assertAbsent(
                new Found(
                        TestVm.ID,
                        of.bootId(),
                        Note.NONE,
                        of.unreadable(),
                        of.state(),
                        List.of(new ImageTag(IMAGE, new VmId("other"), TestVm.LAYOUT)),
                        of.untagged(),
                        of.promises(),
                        of.disk(),
                        of.changed()),
                "the file of its image is gone");
    }

    private static Found withDisk(Optional<DiskStamp> disk, RedoSeal... promises) {
        Found of = found(promises);
        return new Found(
                of.vm(),
                of.bootId(),
                Note.NONE,
                of.unreadable(),
                of.state(),
                of.images(),
                of.untagged(),
                of.promises(),
                disk,
                of.changed());
    }

    @Test
    void aDiskThatSomebodyElseWroteToIsNotTheImagesAnyMore() {
        DiskStamp later = new DiskStamp(DISK.bytes(), DISK.modifiedMicros() + 1);
        assertAbsent(withDisk(Optional.of(later)), "written to since by somebody else");
        assertThat(Resumption.decide(withDisk(Optional.of(later), promise(8))).decision())
                .as("this backup was about to write to it")
                .isEqualTo(Decision.RESUME);
        for (Optional<DiskStamp> other :
                List.of(Optional.of(new DiskStamp(1, DISK.modifiedMicros())), Optional.<DiskStamp>empty())) {
            assertDecided(withDisk(other), Decision.REFUSED, "another than it was");
            assertDecided(withDisk(other, promise(8)), Decision.REFUSED, "another than it was");
        }
    }

    @Test
    void aDiskWithoutWhatWasWrittenToItLastIsAnotherWhateverItsTime() {
        List<DiskSample> changed = List.of(new DiskSample(512, 5, 6));
        assertDecided(changed(withDisk(Optional.of(DISK)), changed), Decision.REFUSED, "at byte 512");
        DiskStamp later = new DiskStamp(DISK.bytes(), DISK.modifiedMicros() + 1);
        assertDecided(changed(withDisk(Optional.of(later), promise(8)), changed), Decision.REFUSED, "at byte 512");
        assertAbsent(changed(withDisk(Optional.of(later)), changed), "written to since by somebody else");
    }

    private static Found changed(Found of, List<DiskSample> changed) {
        return new Found(
                of.vm(),
                of.bootId(),
                of.note(),
                of.unreadable(),
                of.state(),
                of.images(),
                of.untagged(),
                of.promises(),
                of.disk(),
                changed);
    }

    @Test
    void whatIsLeftByATakeoverIsWorthlessUnlessItWasCutOffBeforeTheVmRan() {
        assertDecided(taken(Note.STANDS, STATE), Decision.LEFT, "cut off before the VM was told to run");
        assertAbsent(taken(Note.STANDS, STATE.withoutImage()), "taken over here");
        assertAbsent(taken(Note.OVERTAKEN, STATE), "taken over here");
    }

    private static Found taken(Note note, CommitState state) {
        Found of = found();
        return new Found(
                of.vm(),
                of.bootId(),
                note,
                of.unreadable(),
                Optional.of(state),
                of.images(),
                of.untagged(),
                of.promises(),
                of.disk(),
                of.changed());
    }

    @Test
    void whatCanNotBeReadIsWorthless() {
        Found of = found();
        assertAbsent(
                new Found(
                        of.vm(),
                        of.bootId(),
                        Note.NONE,
                        Optional.of("redo-0.slot is damaged"),
                        of.state(),
                        of.images(),
                        of.untagged(),
                        of.promises(),
                        of.disk(),
                        of.changed()),
                "redo-0.slot is damaged");
    }

    private static Found stateless(List<ImageTag> images, List<String> untagged) {
        return new Found(
                TestVm.ID,
                Optional.of(BOOT),
                Note.NONE,
                Optional.empty(),
                Optional.empty(),
                images,
                untagged,
                List.of(),
                Optional.of(DISK),
                List.of());
    }

    @Test
    void anOlderWorkersImageIsToldFromAnEmptyFolder() {
        assertThat(Resumption.decide(stateless(List.of(), List.of())).decision())
                .isEqualTo(Decision.NOTHING);
        assertAbsent(stateless(List.of(), List.of("image.ram has no tag")), "an older worker's");
        assertAbsent(stateless(List.of(new ImageTag(IMAGE, TestVm.ID, TestVm.LAYOUT)), List.of()), "no state");
    }
}
