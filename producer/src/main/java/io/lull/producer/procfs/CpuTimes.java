package io.lull.producer.procfs;

import io.lull.policy.Checks;
import java.nio.ByteBuffer;

/**
 * What the host's processors did since it booted: {@code /proc/stat}. A tick is 10 ms; waiting for a disk is idle.
 *
 * @param cores processors online
 * @param idleTicks over all of them
 * @param totalTicks idle or not, over all of them
 */
public record CpuTimes(int cores, long idleTicks, long totalTicks) {
    /** user, nice, system, idle, iowait, irq, softirq, steal; guest time is in user already. */
    private static final int COUNTED_FIELDS = 8;

    private static final int IDLE_FIELD = 3;
    private static final int IOWAIT_FIELD = 4;

    public CpuTimes {
        Checks.positive("cores", cores);
        Checks.notNegative("idleTicks", idleTicks);
        Checks.notNegative("totalTicks", totalTicks);
    }

    /** Parses the lines that begin with {@code cpu}: the sum first, then one a core. */
    public static CpuTimes parse(ByteBuffer text) throws ProbeException {
        if (!skipName(text) || Decimals.isDigitNext(text)) {
            throw new ProbeException(ProbeException.Kind.MALFORMED, "does not begin with the line 'cpu '");
        }
        long idleTicks = 0;
        long totalTicks = 0;
        for (int field = 0; field < COUNTED_FIELDS; field++) {
            long ticks = Decimals.next(text);
            totalTicks += ticks;
            idleTicks += field == IDLE_FIELD || field == IOWAIT_FIELD ? ticks : 0;
        }
        int cores = 0;
        while (Decimals.skipLine(text) && skipName(text) && Decimals.isDigitNext(text)) {
            cores++;
        }
        if (cores == 0) {
            throw new ProbeException(ProbeException.Kind.MALFORMED, "has no line 'cpu0'");
        }
        return new CpuTimes(cores, idleTicks, totalTicks);
    }

    private static boolean skipName(ByteBuffer text) {
        int at = text.position();
        if (text.remaining() < 4 || text.get(at) != 'c' || text.get(at + 1) != 'p' || text.get(at + 2) != 'u') {
            return false;
        }
        text.position(at + 3);
        return true;
    }
}
