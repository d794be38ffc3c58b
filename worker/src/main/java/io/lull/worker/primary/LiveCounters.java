package io.lull.worker.primary;

import io.lull.producer.probe.DiskCounters;
import io.lull.producer.probe.EpochView;
import io.lull.producer.probe.FrameCounters;
import io.lull.producer.probe.LinkCounters;
import io.lull.worker.output.GateSnapshot;
import io.lull.worker.output.OutputGate;
import java.util.Optional;
import java.util.function.Supplier;

/** What samples read of a VM's gate, disk, link and open epoch, as far as they are there at the moment. Thread-safe. */
final class LiveCounters {
    private final Supplier<Optional<OutputGate>> gate;
    private final Current<OpenEpoch> open;
    private volatile Optional<DiskCounters> disk = Optional.empty();
    private volatile Optional<LinkCounters> link = Optional.empty();

    /** @param gate empty for a guest without network, and while none is in yet */
    LiveCounters(Supplier<Optional<OutputGate>> gate, Current<OpenEpoch> open) {
        this.gate = gate;
        this.open = open;
    }

    /** What samples read of the session's disk and link; empty between sessions. */
    void inSession(Optional<DiskCounters> sessionDisk, Optional<LinkCounters> sessionLink) {
        disk = sessionDisk;
        link = sessionLink;
    }

    VmSenses.Live live() {
        FrameCounters frames = nowNanos -> gate.get().map(LiveCounters::behind).orElse(FrameCounters.Frames.NONE);
        DiskCounters writes = () -> disk.map(DiskCounters::disk).orElseGet(DiskCounters.NONE::disk);
        LinkCounters shipping = () -> link.map(LinkCounters::link).orElseGet(LinkCounters.UNKNOWN::link);
        EpochView epochs = nowNanos -> {
            OpenEpoch epoch = open.get();
            return new EpochView.OpenEpoch(
                    epoch.number(), epoch.elapsedNanos(nowNanos), epoch.number() - 1, epoch.totalDirtyPages());
        };
        return new VmSenses.Live(frames, writes, shipping, epochs);
    }

    private static FrameCounters.Frames behind(OutputGate gate) {
        return gate.frames().map(LiveCounters::frames).orElse(FrameCounters.Frames.UNKNOWN);
    }

    private static FrameCounters.Frames frames(GateSnapshot gate) {
        return new FrameCounters.Frames(
                gate.sent().packets(),
                gate.sent().bytes(),
                gate.received().packets(),
                gate.received().bytes(),
                gate.held().packets(),
                gate.held().bytes(),
                gate.oldestHeldNanos(),
                gate.openPackets(),
                gate.oldestOpenNanos());
    }
}
