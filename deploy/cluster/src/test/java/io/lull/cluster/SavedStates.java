package io.lull.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lull.job.schedule.VmState;
import io.lull.job.state.PackedSerializer;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.api.OperatorIdentifier;
import org.apache.flink.state.api.SavepointReader;
import org.apache.flink.state.api.functions.KeyedStateReaderFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;

/**
 * Reads out of a savepoint what the job knew of each VM, as text: all that its policy had learned, and where it stood
 * in the open epoch. Left out is what counts by the job's own clock, which no two runs share.
 */
final class SavedStates {
    private SavedStates() {}

    static Map<String, String> of(String savepoint) throws Exception {
        Configuration settings = new Configuration();
        settings.set(CoreOptions.DEFAULT_PARALLELISM, 1);
        settings.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        env.setRuntimeMode(RuntimeExecutionMode.BATCH);
        Map<String, String> states = new HashMap<>();
        try (CloseableIterator<Tuple2<String, String>> read = SavepointReader.read(
                        env, savepoint, new HashMapStateBackend())
                .readKeyedState(
                        OperatorIdentifier.forUid("schedule"),
                        new Reader(),
                        Types.STRING,
                        Types.TUPLE(Types.STRING, Types.STRING))
                .executeAndCollect()) {
            read.forEachRemaining(state -> states.put(state.f0, state.f1));
        }
        return states;
    }

    private static final class Reader extends KeyedStateReaderFunction<String, Tuple2<String, String>> {
        private static final long serialVersionUID = 1L;
        private static final ObjectMapper JSON = new ObjectMapper();

        private transient ValueState<VmState> vm;

        @SuppressWarnings("NullAway.Init") // What is transient is made in open().
        private Reader() {}

        @Override
        public void open(OpenContext context) {
            vm = getRuntimeContext().getState(new ValueStateDescriptor<>("vm", PackedSerializer.of(VmState.class)));
        }

        @Override
        public void readKey(String key, Context context, Collector<Tuple2<String, String>> out) throws Exception {
            out.collect(Tuple2.of(key, describe(vm.value())));
        }

        private static String describe(VmState vm) throws JsonProcessingException {
            ObjectNode all = JSON.createObjectNode();
            all.put("endedEpoch", vm.endedEpoch);
            all.set("idle", JSON.valueToTree(vm.idle));
            all.set("learned", JSON.valueToTree(vm.policies.idleSlot));
            return JSON.writeValueAsString(all);
        }
    }
}
