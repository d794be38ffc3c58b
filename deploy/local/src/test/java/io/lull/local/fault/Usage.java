package io.lull.local.fault;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/** What this JVM holds of what a session could leak. */
record Usage(long threads, long descriptors, long directMebibytes, long nativeMebibytes) {
    /** A session has a ring of 64 MiB and two staging areas of 16 MiB at least: three that leaked would be seen. */
    private static final long SLACK_MEBIBYTES = 3 * 96;

    static Usage now() throws IOException {
        System.gc();
        trim();
        long threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("lull"))
                .count();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return new Usage(threads, descriptors.count(), direct() >> 20, anonymous() - heap());
        }
    }

    /** Has the C library give back what was freed to it, so that what is left is in use. */
    private static void trim() throws IOException {
        try {
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "systemTrimNativeHeap",
                            new Object[0],
                            new String[0]);
        } catch (JMException e) {
            throw new IOException("this JVM can't trim its heap, so that leaks can't be told", e);
        }
    }

    private static long direct() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private static long heap() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted() >> 20;
    }

    private static long anonymous() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/self/status"));
        return lines.stream()
                .filter(line -> line.startsWith("RssAnon:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                .sum();
    }

    boolean isNotMoreThan(Usage before) {
        return threads <= before.threads
                && descriptors <= before.descriptors + 2
                && directMebibytes <= before.directMebibytes + SLACK_MEBIBYTES
                // Each session has a shadow of the guest's 128 MiB: three that leaked would be seen.
                && nativeMebibytes <= before.nativeMebibytes + 3 * 128;
    }
}
