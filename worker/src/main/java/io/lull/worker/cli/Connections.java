package io.lull.worker.cli;

import io.lull.policy.VmId;
import io.lull.worker.config.ConfigException;
import io.lull.worker.config.KafkaConfig;
import io.lull.worker.fence.Fence;
import io.lull.worker.fence.FenceException;
import io.lull.worker.kafka.KafkaSide;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** What a VM's stay needs before anything of the VM is touched: where that fails, the stay may be begun again. */
final class Connections {
    private Connections() {}

    /**
     * Connects to Kafka.
     *
     * @throws AgainException when it can't be reached, or its topics are not as they must be
     */
    static KafkaSide kafka(KafkaConfig config) throws AgainException, ConfigException {
        try {
            return KafkaSide.connect(config);
        } catch (IOException e) {
            throw new AgainException(e);
        }
    }

    /**
     * Reads a VM's fence for the first time.
     *
     * @throws AgainException when it gives no answer
     */
    static Fence fence(KafkaSide kafka, String vm) throws AgainException, InterruptedException {
        try {
            return kafka.fence(new VmId(vm));
        } catch (FenceException e) {
            throw new AgainException(e);
        }
    }

    /** What becomes of something that never fails. */
    static <T> T await(CompletableFuture<T> end) throws InterruptedException {
        try {
            return end.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an end is never exceptional", e);
        }
    }
}
