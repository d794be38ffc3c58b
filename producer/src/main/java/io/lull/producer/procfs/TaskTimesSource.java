package io.lull.producer.procfs;

/** Where the times of one thread come from. */
@FunctionalInterface
public interface TaskTimesSource {
    TaskTimes read() throws ProbeException;
}
