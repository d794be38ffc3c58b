package io.lull.worker.backup;

import io.lull.policy.VmId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Decides what a backup that is started makes of what an earlier process of it left. The first line that fits counts:
 *
 * <pre>
 *  found                                                          decision
 *  -------------------------------------------------------------  --------------------------------------------------
 *  the note of a takeover, and a state with an image              LEFT: the takeover was cut off before the VM ran, and no
 *                                                                 fence says whether to go on (TakeoverRight)
 *  the note of a takeover, or of one whose VM is another's now    ABSENT: it ran since, and its disk went on
 *  nothing                                                        NOTHING
 *  something that can't be read, or of another version            ABSENT
 *  images or promises without a state                             ABSENT: an older worker's, or half removed
 *  the state of another VM                                        REFUSED: somebody may miss it
 *  the state of another boot of the host                          ABSENT: of the image only some may be left
 *  a promise of another store                                     ABSENT
 *  promises after the last applied one with a gap, or one twice   ABSENT: an acknowledged epoch may be missing
 *  promises for several images, or of a session that is unknown   ABSENT: the same
 *  no image in the state, and no promise for one                  NOTHING: no epoch was committed
 *  no file with that image                                        ABSENT
 *  another disk, of another size, or one where there was none     REFUSED: the right one may be at hand
 *  no promise to redo, and a disk that was written to since       ABSENT: it isn't that of the image any more
 *  a disk without what was written to it last                     REFUSED: another, or an older copy of it
 *  else                                                           RESUME: redo the promises, in order
 * </pre>
 *
 * <p>A promise is sealed before it is acknowledged, and unsealed only after the state says that it is applied: so what was
 * acknowledged is in the image or among the promises. To write values is the same once or twice, so whatever of the promises is in
 * the image already, or half, redoing all of them ends at the last. While one is to be redone, whether another wrote to the disk can't be
 * told from its time of modification, for this backup was about to. But then the disk must hold what was written to it last ({@link
 * DiskTrace}), but for what the promises write over. That tells another disk and an older copy, and passes a good copy of it
 * whatever its inode and its times are. It doesn't tell one that is the same at those places: a disk that was written to elsewhere
 * since; or any disk, when no epoch before wrote to it, or the promises write over all of those places.
 */
final class Resumption {
    /** What to do. */
    enum Decision {
        /** There is nothing to lose. */
        NOTHING,
        /** What is there is of no use, and goes. */
        ABSENT,
        /** It stays as it is, and nothing is resumed: the operator has to say what became of a takeover. */
        LEFT,
        /** It stays as it is, and this backup can't be started with it. */
        REFUSED,
        RESUME
    }

    /** The note of a takeover. */
    enum Note {
        NONE,
        STANDS,
        /** It stood when this process began, and the VM is another's by now. */
        OVERTAKEN
    }

    /**
     * What was found.
     *
     * @param vm the VM of this backup
     * @param bootId of the running kernel; empty when that can't be known
     * @param note that of a takeover
     * @param unreadable what can't be read, if anything
     * @param state as it was kept
     * @param images tags of the image files
     * @param untagged what is wrong with image files that have none
     * @param promises of all slots that are sealed
     * @param disk how the disk's copy is now; empty without one, and where that can't be told
     * @param changed what was written to it last, is to be written over by no promise, and isn't there
     */
    record Found(
            VmId vm,
            Optional<String> bootId,
            Note note,
            Optional<String> unreadable,
            Optional<CommitState> state,
            List<ImageTag> images,
            List<String> untagged,
            List<RedoSeal> promises,
            Optional<DiskStamp> disk,
            List<DiskSample> changed) {
        Found {
            changed = List.copyOf(changed);
            images = List.copyOf(images);
            untagged = List.copyOf(untagged);
            promises = List.copyOf(promises);
        }
    }

    /**
     * What to do with it.
     *
     * @param why for the log
     * @param image which one to resume from
     * @param redo what to apply to it, in this order
     */
    record Verdict(Decision decision, String why, Optional<UUID> image, List<RedoSeal> redo) {
        Verdict {
            redo = List.copyOf(redo);
            if ((decision == Decision.RESUME) != image.isPresent()) {
                throw new IllegalArgumentException(decision + " with the image " + image);
            }
        }
    }

    private Resumption() {}

    static Verdict decide(Found found) {
        boolean left = found.state().flatMap(CommitState::image).isPresent()
                || !found.images().isEmpty()
                || !found.untagged().isEmpty()
                || !found.promises().isEmpty();
        if (found.note() == Note.STANDS
                && found.state().flatMap(CommitState::image).isPresent()) {
            return new Verdict(
                    Decision.LEFT, "a takeover was cut off before the VM was told to run", Optional.empty(), List.of());
        }
        if (found.note() != Note.NONE) {
            return left || found.unreadable().isPresent()
                    ? absent("the VM was taken over here, and ran since")
                    : nothing("the VM was taken over here");
        }
        if (found.unreadable().isPresent()) {
            return absent(found.unreadable().get());
        }
        if (found.state().isEmpty()) {
            return left
                    ? absent("there is no state with it: an older worker's, or half removed")
                    : nothing("it is empty");
        }
        return decide(found, found.state().get());
    }

    private static Verdict decide(Found found, CommitState state) {
        if (!state.vm().equals(found.vm())) {
            return refused("it is VM " + state.vm() + "'s, not " + found.vm() + "'s");
        }
        if (!found.bootId().equals(Optional.of(state.bootId()))) {
            return absent("the host was started anew since");
        }
        List<RedoSeal> redo = new ArrayList<>(found.promises());
        redo.removeIf(promise ->
                promise.number() <= state.applied() && promise.store().equals(state.store()));
        redo.sort(Comparator.comparingLong(RedoSeal::number));
        Optional<String> fault = fault(redo, state);
        if (fault.isPresent()) {
            return absent(fault.get());
        }
        Optional<UUID> image = redo.isEmpty()
                ? state.image().map(CommitState.Image::id)
                : Optional.of(redo.get(0).image());
        if (image.isEmpty()) {
            return nothing("no epoch was committed");
        }
        boolean there = found.images().stream()
                .anyMatch(tag -> tag.id().equals(image.get()) && tag.vm().equals(found.vm()));
        if (!there) {
            return absent("the file of its image is gone, or was replaced by another worker's " + found.untagged());
        }
        if (isOtherDisk(found.disk(), state.disk(), redo.isEmpty())) {
            return refused("the disk's copy is another than it was");
        }
        if (redo.isEmpty() && !found.disk().equals(state.disk())) {
            return absent("the disk's copy was written to since by somebody else");
        }
        if (!found.changed().isEmpty()) {
            return refused("the disk's copy is another, or an older one: at byte "
                    + found.changed().get(0).offsetBytes() + " isn't what was written to it there");
        }
        return new Verdict(Decision.RESUME, "all that was acknowledged is there", image, redo);
    }

    private static Optional<String> fault(List<RedoSeal> redo, CommitState state) {
        Set<UUID> images = new HashSet<>();
        long expected = state.applied() + 1;
        for (RedoSeal promise : redo) {
            if (!promise.store().equals(state.store())) {
                return Optional.of("a redo slot is another backup store's");
            }
            if (promise.number() != expected) {
                return Optional.of("promise " + expected + " is missing: an acknowledged epoch may be lost; found "
                        + promise.number());
            }
            expected++;
            images.add(promise.image());
            if (!state.freshness().session().equals(Optional.of(promise.session()))) {
                return Optional.of("promise " + promise.number() + " is of a session that the state doesn't know");
            }
        }
        return images.size() > 1 ? Optional.of("there are promises for several images") : Optional.empty();
    }

    /** Of a state that was written without a disk, and before its first commit, none is another. */
    private static boolean isOtherDisk(Optional<DiskStamp> now, Optional<DiskStamp> kept, boolean allApplied) {
        if (!allApplied && kept.isEmpty()) {
            return false;
        }
        return !now.map(DiskStamp::bytes).equals(kept.map(DiskStamp::bytes));
    }

    private static Verdict absent(String why) {
        return new Verdict(Decision.ABSENT, why, Optional.empty(), List.of());
    }

    private static Verdict refused(String why) {
        return new Verdict(Decision.REFUSED, why, Optional.empty(), List.of());
    }

    private static Verdict nothing(String why) {
        return new Verdict(Decision.NOTHING, why, Optional.empty(), List.of());
    }
}
