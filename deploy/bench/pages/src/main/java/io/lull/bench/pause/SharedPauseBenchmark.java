package io.lull.bench.pause;

import io.lull.bench.pages.PagePairs;
import io.lull.worker.capture.CaptureException;
import io.lull.worker.sharedmemory.SharedPause;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Times of one pause's look through a guest's shared memory of 128 MiB, by one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up method before all else.
public class SharedPauseBenchmark {
    private static final int RAM_PAGES = 32768;

    /** The recorded workload whose pages changed. */
    @Param({"gcc", "jvm", "pg", "redis", "redisin", "sqlite"})
    public String workload = "gcc";

    /** Dirty pages of the checkpoint. */
    @Param({"1000", "4000"})
    public int pages = 1000;

    private PagePairs pairs;
    private SharedPause pause;

    @Setup(Level.Trial)
    public void open() throws IOException {
        pairs = PagePairs.read(workload, pages);
        pause = new SharedPause(pairs, RAM_PAGES);
    }

    @Setup(Level.Invocation)
    public void rewind() {
        pause.rewind();
    }

    /** As it is. */
    @Benchmark
    public int compareAndCopy() throws CaptureException {
        return pause.compareAndCopy();
    }

    /** As it might be. */
    @Benchmark
    public long compareAndDelta() {
        return pause.compareAndDelta();
    }

    /** Both must find the same pages. */
    @TearDown(Level.Trial)
    public void close() throws CaptureException {
        pause.rewind();
        pause.compareAndDelta();
        if (pause.compareAndCopy() != pages || !pause.isUpToDate()) {
            throw new IllegalStateException("not all changed pages were found");
        }
        pause.close();
        pairs.close();
    }
}
