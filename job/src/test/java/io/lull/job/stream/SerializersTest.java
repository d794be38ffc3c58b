package io.lull.job.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.lull.job.fixture.Inbounds;
import io.lull.job.fixture.Intents;
import io.lull.job.fixture.RandomVm;
import io.lull.job.fixture.Reports;
import io.lull.job.fixture.Samples;
import io.lull.job.metrics.MetricsState;
import io.lull.job.schedule.Order;
import io.lull.job.schedule.Orders;
import io.lull.job.schedule.VmState;
import io.lull.job.state.PackedSerializer;
import io.lull.policy.Objectives;
import io.lull.policy.lull.LullPolicy;
import io.lull.policy.lull.LullState;
import io.lull.policy.registry.PolicyRegistry;
import io.lull.policy.signal.SampleView;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.Test;

class SerializersTest {
    private static <T> T throughBytes(TypeSerializer<T> serializer, T value) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(value, out);
        return serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
    }

    private static Inbound decoded(Input input, byte[] value) {
        return InboundDecoder.decode(Inbounds.raw(input, value)).orElseThrow();
    }

    /** Savepoints of version 0.1 are read by the serializer of POJOs. */
    @Test
    void everyStateIsAPojoWithoutAGenericSerializer() {
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(VmState.class);
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(Orders.class);
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(MetricsState.class);
        PolicyRegistry registry = PolicyRegistry.standard();
        for (String name : registry.names()) {
            Class<?> stateType = registry.named(name).stateType();
            assertThatCode(() -> PojoTestUtils.assertSerializedAsPojoWithoutKryo(stateType))
                    .as("state of %s", name)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void whatIsKeptOfAVmComesBackWhole() throws IOException {
        VmState state = new VmState();
        state.sent.reasons = new String[] {"because", "clamped"};
        state.sent.conditions.hasWaiting = true;
        state.sent.conditions.talkPackets = 7;
        state.sent.conditions.stuckRequests = 2;
        state.admission.host = "host-1";
        state.admission.formerHosts = new String[] {"host-0"};
        state.dirty.pagesAtOneMilli = 5;

        VmState copy = throughBytes(PackedSerializer.of(VmState.class), state);

        assertThat(copy).usingRecursiveComparison().isEqualTo(state);
    }

    @Test
    void ordersComeBackWhole() throws IOException {
        Orders orders = new Orders();
        Order order = new Order();
        order.author = "ada";
        order.policy = "plover.idle";
        order.hasShipped = true;
        order.untilMicros = 9;
        orders.bySlot.put("policy", order);

        Orders copy = throughBytes(PackedSerializer.of(Orders.class), orders);

        assertThat(copy).usingRecursiveComparison().isEqualTo(orders);
    }

    @Test
    void whatLullHasLearnedComesBackWhole() throws IOException {
        LullPolicy policy = new LullPolicy();
        LullState state = policy.initialState();
        SampleView sample = new SampleView();
        for (int i = 1; i <= 50; i++) {
            policy.onSample(state, sample.load(Samples.busy(i, 4, i * 20_000L)), Objectives.DEFAULT);
            policy.onReport(state, Reports.report(i, i * 20_000L, 3_000_000), Objectives.DEFAULT);
        }

        LullState copy = throughBytes(PackedSerializer.of(LullState.class), state);

        assertThat(copy).usingRecursiveComparison().isEqualTo(state);
        assertThat(policy.plan(copy, Objectives.DEFAULT)).isEqualTo(policy.plan(state, Objectives.DEFAULT));
    }

    @Test
    void outgoingRecordsNeedNoGenericSerializer() throws IOException {
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(Outgoing.class);
        Outgoing outgoing = new Outgoing("t", true, new byte[] {1}, new byte[] {2, 3}, Map.of("a", "b"));

        Outgoing copy = throughBytes(Outgoing.TYPE.createSerializer(new SerializerConfigImpl()), outgoing);

        assertThat(copy).usingRecursiveComparison().isEqualTo(outgoing);
    }

    @Test
    void inboundRecordsKeepTheirBytesAndContent() throws IOException {
        Inbound sample = Inbounds.of(Samples.busy(7, 4, 5_000_000));

        Inbound copy = throughBytes(new InboundSerializer(), sample);

        assertThat(copy).isInstanceOf(Inbound.Sample.class);
        assertThat(copy).usingRecursiveComparison().isEqualTo(sample);
    }

    @Test
    void samplesOfAnyKindComeBackWhole() throws IOException {
        RandomVm vm = new RandomVm(3);
        for (int i = 0; i < 200; i++) {
            Inbound sample = Inbounds.of(vm.sample());
            assertThat(((Inbound.Sample) throughBytes(new InboundSerializer(), sample)).sample())
                    .isEqualTo(((Inbound.Sample) sample).sample());
        }
        Inbound ofALongName = Inbounds.of(Samples.on("\uffff".repeat(100_000), Samples.busy(7, 4, 5_000_000)));
        assertThat(throughBytes(new InboundSerializer(), ofALongName))
                .usingRecursiveComparison()
                .isEqualTo(ofALongName);
    }

    @Test
    void withdrawalsStayWithdrawals() throws IOException {
        Inbound withdrawal = Inbounds.withdrawalOf(Intents.pin(10_000_000, OptionalLong.empty()));

        assertThat(throughBytes(new InboundSerializer(), withdrawal))
                .isInstanceOf(Inbound.Withdrawal.class)
                .usingRecursiveComparison()
                .isEqualTo(withdrawal);
    }

    @Test
    void rejectedRecordsKeepTheirBytes() throws IOException {
        byte[] garbage = {(byte) 0xC3, 1, 2, 3};
        Inbound rejected = decoded(Input.EPOCHS, garbage);

        Inbound copy = throughBytes(new InboundSerializer(), rejected);

        assertThat(rejected).isInstanceOf(Inbound.Rejected.class);
        assertThat(copy).usingRecursiveComparison().isEqualTo(rejected);
    }

    @Test
    void aRecordOfAnotherTopicIsRejected() {
        byte[] sample = Inbounds.WIRE.encode(Samples.busy(7, 4, 5_000_000));

        assertThat(decoded(Input.EPOCHS, sample)).isInstanceOf(Inbound.Rejected.class);
        assertThat(decoded(Input.INTENTS, sample)).isInstanceOf(Inbound.Rejected.class);
        assertThat(decoded(Input.TELEMETRY, sample)).isInstanceOf(Inbound.Sample.class);
    }
}
