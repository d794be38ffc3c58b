package io.lull.worker.backup;

import io.lull.policy.Checks;
import io.lull.policy.VmId;
import io.lull.worker.protocol.OnBackupLoss;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a backup knows of its image, as it is kept for the next process.
 *
 * @param store which backup store: a name for all that was kept since the store was empty
 * @param vm whose
 * @param bootId of the host's running kernel: what was kept in its memory doesn't outlive it
 * @param applied number of the last promise that is in the image, 0 before the first
 * @param image the image that counts; empty before the first commit, and when the VM isn't to be run from it any more
 * @param disk how the disk's copy was left by the last commit; empty without one, and where that can't be told
 * @param written what was written to it last
 * @param claimant as whom the VM was claimed at the fence for a takeover of which no more is known; while there is an image, no VM was told
 *     to run by that
 * @param freshness whether the image may be run
 */
record CommitState(
        UUID store,
        VmId vm,
        String bootId,
        long applied,
        Optional<Image> image,
        Optional<DiskStamp> disk,
        List<DiskSample> written,
        Optional<UUID> claimant,
        Freshness freshness) {
    /**
     * An image as of an epoch.
     *
     * @param id as in its file's tag
     * @param epoch the last that is wholly in it
     * @param deviceStateBytes length of its device state
     */
    record Image(UUID id, long epoch, int deviceStateBytes) {
        Image {
            Checks.notNegative("epoch", epoch);
            Checks.notNegative("deviceStateBytes", deviceStateBytes);
        }
    }

    CommitState {
        Checks.notNegative("applied", applied);
        written = List.copyOf(written);
        if (written.size() > DiskTrace.MAX_SAMPLES) {
            throw new IllegalArgumentException(written.size() + " samples of a disk, limit " + DiskTrace.MAX_SAMPLES);
        }
    }

    /** Of a store in which nothing is. */
    static CommitState empty(UUID store, VmId vm, String bootId) {
        return new CommitState(
                store, vm, bootId, 0, Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Freshness.NEW);
    }

    /** The same with what a promise says in the image. */
    CommitState with(
            RedoSeal applied, Optional<DiskStamp> diskNow, List<DiskSample> writtenNow, Freshness freshnessNow) {
        Image now = new Image(applied.image(), applied.epoch(), applied.end().deviceStateBytes());
        return new CommitState(
                store, vm, bootId, applied.number(), Optional.of(now), diskNow, writtenNow, claimant, freshnessNow);
    }

    CommitState with(Freshness freshnessNow) {
        return new CommitState(store, vm, bootId, applied, image, disk, written, claimant, freshnessNow);
    }

    CommitState withoutImage() {
        return new CommitState(
                store, vm, bootId, applied, Optional.empty(), disk, written, Optional.empty(), freshness);
    }

    /** The same before the first commit of an image, which goes with the disk as it is now. */
    CommitState before(Optional<DiskStamp> diskNow) {
        return new CommitState(store, vm, bootId, applied, Optional.empty(), diskNow, written, claimant, freshness);
    }

    /** The same with who claims the VM, if anybody. */
    CommitState claimedBy(Optional<UUID> by) {
        return new CommitState(store, vm, bootId, applied, image, disk, written, by, freshness);
    }

    /** Writes it; {@link #from} reads it. */
    void to(KeptWriter out) {
        out.id(store).text(vm.value()).text(bootId).i64(applied).flag(image.isPresent());
        image.ifPresent(i -> out.id(i.id()).i64(i.epoch()).i32(i.deviceStateBytes()));
        out.flag(disk.isPresent());
        disk.ifPresent(d -> out.i64(d.bytes()).i64(d.modifiedMicros()));
        out.i32(written.size());
        written.forEach(
                sample -> out.i64(sample.offsetBytes()).i32(sample.bytes()).i32(sample.crc32c()));
        out.id(claimant);
        out.id(freshness.committedBy())
                .id(freshness.talkingTo())
                .id(freshness.session())
                .flag(freshness.onLoss().isPresent())
                .i32(freshness.onLoss().map(OnBackupLoss::ordinal).orElse(0))
                .text(freshness.stale())
                .id(freshness.wrongIn())
                .i32(freshness.sessions().size());
        freshness.sessions().forEach(out::id);
    }

    static CommitState from(KeptReader in, String where) throws UnreadableException {
        try {
            return new CommitState(
                    in.id(),
                    new VmId(in.text()),
                    in.text(),
                    in.i64(),
                    in.flag() ? Optional.of(new Image(in.id(), in.i64(), in.i32())) : Optional.empty(),
                    in.flag() ? Optional.of(new DiskStamp(in.i64(), in.i64())) : Optional.empty(),
                    written(in),
                    in.maybeId(),
                    freshness(in));
        } catch (IllegalArgumentException e) {
            throw new UnreadableException(where + ": " + e.getMessage());
        }
    }

    private static List<DiskSample> written(KeptReader in) throws UnreadableException {
        List<DiskSample> written = new ArrayList<>();
        for (int left = in.i32(); left > 0; left--) {
            written.add(new DiskSample(in.i64(), in.i32(), in.i32()));
        }
        return written;
    }

    private static Optional<OnBackupLoss> onLoss(KeptReader in) throws UnreadableException {
        boolean known = in.flag();
        int ordinal = in.i32();
        OnBackupLoss[] all = OnBackupLoss.values();
        if (ordinal < 0 || ordinal >= all.length) {
            throw new IllegalArgumentException("no primary does number " + ordinal + " when it loses its backup");
        }
        return known ? Optional.of(all[ordinal]) : Optional.empty();
    }

    private static Freshness freshness(KeptReader in) throws UnreadableException {
        Optional<UUID> committedBy = in.maybeId();
        Optional<UUID> talkingTo = in.maybeId();
        Optional<UUID> session = in.maybeId();
        Optional<OnBackupLoss> onLoss = onLoss(in);
        Optional<String> stale = in.maybeText();
        Optional<UUID> wrongIn = in.maybeId();
        List<UUID> sessions = new ArrayList<>();
        for (int left = in.i32(); left > 0; left--) {
            sessions.add(in.id());
        }
        return new Freshness(committedBy, talkingTo, session, onLoss, sessions, stale, wrongIn);
    }
}
