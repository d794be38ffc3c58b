package io.lull.worker.backup;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Equal pieces of off-heap memory, of which there are never more than a limit, kept for reuse: one stock for all backups of
 * a process. Thread-safe.
 *
 * <p>It may take half of what the JVM lets its buffers have; the other half is for the connections' and the disks'. What no
 * slab is left for goes to files, so that a big epoch of one VM never fails for the memory that another holds.
 */
final class SlabStock {
    static final int SLAB_BYTES = 1 << 20;

    private static final int SHARE_OF_DIRECT_MEMORY = 2;
    private static final SlabStock PROCESS = new SlabStock(directMemoryBytes() / SHARE_OF_DIRECT_MEMORY);

    private final int maxSlabs;
    private final Deque<ByteBuffer> free = new ArrayDeque<>();
    private int made;

    SlabStock(long maxBytes) {
        this.maxSlabs = (int) Math.min(Integer.MAX_VALUE, Math.max(1, maxBytes / SLAB_BYTES));
    }

    /** That of all backups of this process. */
    static SlabStock ofThisProcess() {
        return PROCESS;
    }

    /** What {@code -XX:MaxDirectMemorySize} allows, which is as much as the heap where nothing is said. */
    static long directMemoryBytes() {
        HotSpotDiagnosticMXBean vm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        long said = Long.parseLong(vm.getVMOption("MaxDirectMemorySize").getValue());
        return said > 0 ? said : Runtime.getRuntime().maxMemory();
    }

    long maxBytes() {
        return (long) maxSlabs * SLAB_BYTES;
    }

    /** An empty slab, or none when all are in use. */
    synchronized Optional<ByteBuffer> take() {
        ByteBuffer slab = free.poll();
        if (slab != null) {
            return Optional.of(slab.clear());
        }
        if (made == maxSlabs) {
            return Optional.empty();
        }
        ByteBuffer fresh = ByteBuffer.allocateDirect(SLAB_BYTES);
        made++;
        return Optional.of(fresh);
    }

    synchronized void give(ByteBuffer slab) {
        free.push(slab);
    }
}
