package io.lull.local.kafka;

import io.lull.worker.fence.kafka.KafkaFence;
import org.junit.jupiter.api.Timeout;

/** The same of fences that are kept ready, as the workers' are. */
@Timeout(300)
class KafkaReadyFenceTest extends KafkaFenceTest {
    @Override
    protected KafkaFence fence() {
        KafkaFence fence = super.fence();
        fence.keepReady();
        return fence;
    }
}
