package io.lull.job.schedule;

import io.lull.job.state.PackedSerializer;
import java.io.IOException;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.jspecify.annotations.Nullable;

/** The {@link Orders} of the current VM, as Flink keeps them. */
final class KeptOrders {
    private final ValueState<Orders> kept;

    KeptOrders(RuntimeContext context) {
        kept = context.getState(new ValueStateDescriptor<>("orders", PackedSerializer.of(Orders.class)));
    }

    /** None, where none are kept. */
    Orders get() throws IOException {
        @Nullable Orders orders = kept.value();
        return orders == null ? new Orders() : orders;
    }

    /** Keeps what of the orders is in force. */
    void keep(Orders orders, long nowMicros) throws IOException {
        if (orders.prune(nowMicros)) {
            kept.update(orders);
        } else {
            kept.clear();
        }
    }
}
