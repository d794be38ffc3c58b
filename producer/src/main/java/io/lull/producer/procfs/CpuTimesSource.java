package io.lull.producer.procfs;

/** Where the times of the host's processors come from. */
@FunctionalInterface
public interface CpuTimesSource {
    CpuTimes read() throws ProbeException;
}
