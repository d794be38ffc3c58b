package io.lull.worker.limit;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** How much memory outside the heap buffers may have in this process, all VMs together. */
public final class DirectMemory {
    private DirectMemory() {}

    /** What {@code -XX:MaxDirectMemorySize} allows, which is as much as the heap where nothing is said. */
    public static long maxBytes() {
        HotSpotDiagnosticMXBean vm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        long said = Long.parseLong(vm.getVMOption("MaxDirectMemorySize").getValue());
        return said > 0 ? said : Runtime.getRuntime().maxMemory();
    }
}
