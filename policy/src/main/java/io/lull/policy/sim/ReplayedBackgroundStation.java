package io.lull.policy.sim;

import io.lull.policy.sim.Activity.ReplayedBackground;

/**
 * Computation beside requests as it was recorded: of each moment it takes the first part, in as many threads as
 * computed then, so that the moment's vCPU time is that of the recording.
 */
final class ReplayedBackgroundStation extends Station {
    private final Course course;
    private final boolean counted;

    ReplayedBackgroundStation(ReplayedBackground background, Guest guest, int index) {
        super(guest, index, background.schedule(), 0, 0);
        course = background.course();
        counted = background.counted();
    }

    @Override
    boolean isCounted() {
        return counted;
    }

    @Override
    void start() {
        changed(0);
    }

    @Override
    void changed(long nowNanos) {
        double vcpus = course.moment(course.indexAt(nowNanos)).backgroundVcpus();
        int most = (int) Math.ceil(vcpus);
        long start = course.startBefore(nowNanos);
        long end = course.endAfter(nowNanos);
        long until = most == 0 ? start : start + Math.round((end - start) * (vcpus / most));
        threads = nowNanos < until ? most : 0;
        guest.announce(nowNanos < until ? until : end, Codes.of(Codes.CHANGE, index, 0, 0));
    }

    @Override
    void handle(long code, long nowNanos) {
        throw new IllegalStateException("nobody asks anything of a background load");
    }

    @Override
    double serviceNanos(long work) {
        throw new IllegalStateException("no request is behind a background load");
    }

    @Override
    int packetBytes(long work) {
        throw new IllegalStateException("a background load sends nothing");
    }
}
