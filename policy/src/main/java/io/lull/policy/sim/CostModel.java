package io.lull.policy.sim;

import io.lull.policy.Checks;

/**
 * What a checkpoint costs: the same for every policy, so that schedules alone are compared.
 *
 * <pre>
 * pause(D)  = pauseNanos + pauseNanosPerPage · D                      the guest stands still
 * stall(D)  = stallNanos + stallNanosPerPage · D                      after it: write faults, a core shared with shipping
 * ship(D)   = encodeNanosPerPage · D + bytes(D) / linkBytesPerSecond  the guest runs
 * bytes(D)  = wireBytes + wireBytesPerPage · D
 * commit(D) = pause(D) + wait for the link + ship(D) + ackNanos
 * </pre>
 *
 * @param name for the reader
 * @param orderNanos from the decision until the guest stands still; it runs meanwhile
 * @param jitterRatio standard deviation of the logarithm of the pause; 0 for none
 * @param maxInFlight checkpoints captured and not yet acknowledged; with none free the next one waits
 */
public record CostModel(
        String name,
        long orderNanos,
        long pauseNanos,
        double pauseNanosPerPage,
        long stallNanos,
        double stallNanosPerPage,
        double encodeNanosPerPage,
        long wireBytes,
        double wireBytesPerPage,
        long linkBytesPerSecond,
        long ackNanos,
        double jitterRatio,
        int maxInFlight) {
    public CostModel {
        Checks.duration("orderNanos", orderNanos, 0);
        Checks.duration("pauseNanos", pauseNanos, 0);
        Checks.within("pauseNanosPerPage", pauseNanosPerPage, 0, 1e9);
        Checks.duration("stallNanos", stallNanos, 0);
        Checks.within("stallNanosPerPage", stallNanosPerPage, 0, 1e9);
        Checks.within("encodeNanosPerPage", encodeNanosPerPage, 0, 1e9);
        Checks.within("wireBytes", (double) wireBytes, 0, 1e12);
        Checks.within("wireBytesPerPage", wireBytesPerPage, 0, 1e6);
        Checks.positive("linkBytesPerSecond", linkBytesPerSecond);
        Checks.duration("ackNanos", ackNanos, 0);
        Checks.within("jitterRatio", jitterRatio, 0, 3);
        Checks.within("maxInFlight", maxInFlight, 1, 1024);
    }

    /**
     * What QEMU on KVM should cost: a fast dirty bitmap, 10 Gb/s to the backup, deltas with LZ4 on two idle cores.
     * Sources: the fast-bitmap row of the capture measurements (0.65 ms idle, 4.4 ms for 840 pages), the page
     * pipeline's (1.2 us a page and core, a tenth of the page on the wire).
     */
    public static CostModel kvm() {
        return new CostModel("kvm", 50_000, 650_000, 4_000, 0, 500, 600, 16_384, 400, 1_250_000_000, 150_000, 0.15, 2);
    }

    /**
     * What this project's worker costs on QEMU's own emulation, 128 MiB, as its reports say: stop 0.4 ms, pause 0.8 ms
     * and 8 us a page, two parties and their links on two cores.
     */
    public static CostModel tcg() {
        return new CostModel("tcg", 400_000, 900_000, 8_000, 0, 0, 1_500, 16_384, 110, 1_000_000_000, 300_000, 0.25, 2);
    }

    /**
     * Stop and continue with an immediate commit, which the first measurements of idle slots were made with. Both
     * together took 1.0 to 2.2 ms (median) and up to 51 ms (99th percentile). Most of it is put before the guest stands
     * still: its fixed interval of 25 ms came out as 26 to 33 ms, and a pause is part of the interval, an order is not.
     */
    public static CostModel stopAndContinue() {
        return new CostModel("stop+cont", 1_550_000, 300_000, 0, 0, 0, 0, 0, 0, 1_000_000_000, 0, 0.2, 1);
    }

    /**
     * Remus on the hardware of its paper (Cully et al., NSDI 2008, figure 5 and its kernel build): pages sent whole over
     * 1 Gb/s, and each dirty page costs the guest a write fault after every checkpoint and a share of the one core that
     * ships it.
     */
    public static CostModel remus2008() {
        return new CostModel(
                "remus2008", 0, 630_000, 3_690, 1_000_000, 45_000, 0, 0, 4_096, 73_500_000, 1_500_000, 0, 1);
    }

    double pauseNanosOf(double pages) {
        return pauseNanos + pauseNanosPerPage * pages;
    }

    double stallNanosOf(double pages) {
        return stallNanos + stallNanosPerPage * pages;
    }

    double wireBytesOf(double pages) {
        return wireBytes + wireBytesPerPage * pages;
    }

    double shipNanosOf(double pages) {
        return encodeNanosPerPage * pages + wireBytesOf(pages) * 1e9 / linkBytesPerSecond;
    }
}
