package io.lull.lab.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.sim.DirtyTrace;
import io.lull.policy.sim.Workload;
import io.lull.policy.sim.Workloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The recorded guests in the folder that the system property {@code lull.traces} names. */
class DirtyLogTracesIT {
    @ParameterizedTest
    @ValueSource(strings = {"idle", "redis", "redisin", "gcc", "sqlite", "pg", "jvm"})
    void aRealGuestIsReadAndCanBeSimulated(String name) throws IOException {
        Path file = Path.of(System.getProperty("lull.traces", "../../../shared/traces"), name + ".dirtylog.gz");
        if (!Files.exists(file)) {
            throw new IOException("no trace " + file.toAbsolutePath()
                    + "; set the system property lull.traces to the folder of the recorded traces");
        }
        DirtyTrace trace = DirtyLog.read(file);

        assertThat(trace.name()).isEqualTo(name);
        assertThat(trace.vcpuNanos()).hasSizeBetween(81, 400);
        for (Workload workload : Workloads.of(trace)) {
            assertThat(workload.dirty().pages(0, 10_000_000)).isBetween(1.0, 200_000.0);
        }
    }
}
