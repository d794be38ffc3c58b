package io.lull.worker.backup;

import io.lull.policy.VmId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A takeover's right to run the VM: what it asks for and notes before, in this order, and what it gives back when the VM doesn't run
 * here after all. For the takeover's thread.
 *
 * <pre>
 *  step                                       a process that is started after a crash behind it
 *  -----------------------------------------  ------------------------------------------------------------------------
 *  kept: as whom the VM is claimed            may have been granted it: goes on, in that name, as UNDECIDED
 *  the fence grants it                        the same
 *  the marker is written                      the same
 *  kept: the image isn't the VM's any more    the VM may run: TAKEN_OVER, an operator has to look
 *  the standby is told to run                 the same
 * </pre>
 *
 * <p>To go on is safe: who claimed is dead, since its files aren't locked; its name is in the kept state of this boot of the host
 * and nowhere else, so that nobody else is granted what it was; no VM was told to run as long as the image is kept; and from the claim on
 * no session began, so that the image is as it was. The process that goes on is the claimant that slept between two steps. Where the claim
 * had not come to be granted, it is decided now as any is. Without a fence that both sides ask, nobody goes on by himself.
 */
final class TakeoverRight {
    private static final Logger log = LoggerFactory.getLogger(TakeoverRight.class);

    private final VmId vm;
    private final Optional<FenceSeat> seat;
    private final TakeoverMarker marker;
    private final ApplyLoop apply;
    private final Committer committer;
    private final KeptStore kept;
    private final Optional<TakeoverClaim> claim;

    /** @param inDoubt whether the VM may have been granted to this backup already */
    TakeoverRight(
            VmId vm,
            Optional<FenceSeat> seat,
            TakeoverMarker marker,
            ApplyLoop apply,
            Committer committer,
            KeptStore kept,
            boolean inDoubt) {
        this.vm = vm;
        this.seat = seat;
        this.marker = marker;
        this.apply = apply;
        this.committer = committer;
        this.kept = kept;
        this.claim = seat.map(own -> new TakeoverClaim(own, TakeoverClaim.Patience.DEFAULT, inDoubt));
    }

    /** The file that says that the VM was taken over here. */
    Path noteFile() {
        return marker.file();
    }

    /** Whether a fence has to grant it. */
    boolean isAsked() {
        return claim.isPresent();
    }

    /**
     * Asks the fence, in a name that a later process knows. What is not granted, and can't have been, is noted nowhere
     * when this returns, and the standby is a new one: the old one holds the disk, and has been sent what can't be taken back.
     */
    TakeoverClaim.Result ask(long epoch, String reason, BooleanSupplier primaryIsBack)
            throws IOException, InterruptedException {
        FenceSeat own = seat.orElseThrow();
        if (own.isShared()) {
            onImage(() -> kept.claimed(Optional.of(own.self().id())));
        }
        TakeoverClaim.Result result =
                claim.orElseThrow().ask(committer.sessions(), "from epoch " + epoch + ": " + reason, primaryIsBack);
        switch (result.outcome()) {
            case GRANTED -> log.info("The fence grants {} to this backup", vm);
            case DENIED, UNANSWERED -> {
                onImage(committer::renewStandby);
                // In this order: a name without a marker is asked for again, a marker without a name is for an
                // operator.
                marker.remove();
                onImage(() -> kept.claimed(Optional.empty()));
            }
        }
        return result;
    }

    /** On stable storage: no later process serves the old primary. */
    void note(long epoch, String reason) throws IOException {
        Optional<Taking> granted = seat.flatMap(own -> own.fence().lastSeen()).flatMap(Taking::of);
        marker.write(TakeoverMarker.note(vm, epoch, reason, Instant.now(), granted));
    }

    /** Before the VM runs, and no earlier: from here on its disk isn't the image's any more, whatever removes the marker. */
    void use() throws IOException, InterruptedException {
        onImage(kept::forget);
    }

    /** The VM doesn't run here, and no process that could is left. */
    void giveBack(String reason) {
        try {
            marker.remove();
        } catch (IOException e) {
            log.error("Nothing runs here, but {} can't be removed; do so before a restart", marker.file(), e);
        }
        boolean isFree = claim.map(held -> held.giveBack(reason)).orElse(true);
        if (isFree) {
            try {
                onImage(() -> kept.claimed(Optional.empty()));
            } catch (IOException e) {
                log.warn("That {} was given back isn't kept: a process that is started here asks for it again", vm, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void onImage(Runnable work) throws IOException, InterruptedException {
        apply.call(() -> {
            work.run();
            return true;
        });
    }
}
