package io.lull.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.Decision;
import io.lull.policy.OperatorIntent;
import io.lull.policy.ReplicationEvent;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.TriggerReason;
import io.lull.policy.signal.DirtySource;
import io.lull.schemas.avro.CheckpointReason;
import io.lull.schemas.avro.DecisionKind;
import io.lull.schemas.avro.EpochReason;
import io.lull.schemas.avro.EventKind;
import io.lull.schemas.avro.IntentKind;
import io.lull.schemas.avro.IntentPlacement;
import io.lull.schemas.avro.PlanPlacement;
import io.lull.schemas.avro.WindowDirtySource;
import io.lull.schemas.avro.WindowEpochReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WireRoundTripTest {
    private static final int VALUES = 2_000;

    static List<RecordKind<?>> kinds() {
        return RecordKind.all();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    <T> void givesBackWhatWasWritten(RecordKind<T> kind) throws BadRecordException {
        for (long seed = 0; seed < VALUES; seed++) {
            T value = kind.draw().apply(new RandomValues(seed));
            assertThat(kind.decode().decode(kind.encode().apply(value)))
                    .as("seed %d", seed)
                    .isEqualTo(value);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    <T> void writesTheBytesThatAvrosWalkOverTheSchemaWrites(RecordKind<T> kind) throws IOException {
        int header = new SingleObjectFraming(kind.schema(), List.of()).header().length;
        for (long seed = 0; seed < VALUES; seed++) {
            byte[] written = kind.encodeAny(new RandomValues(seed));
            BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(written, header, written.length - header, null);
            GenericRecord record = new GenericDatumReader<GenericRecord>(kind.schema()).read(null, decoder);
            ByteArrayOutputStream walked = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(walked, null);
            new GenericDatumWriter<GenericRecord>(kind.schema()).write(record, encoder);
            encoder.flush();
            assertThat(Arrays.copyOfRange(written, header, written.length))
                    .as("seed %d", seed)
                    .isEqualTo(walked.toByteArray());
        }
    }

    @Test
    void hasASymbolForEveryConstantOfPolicyAndOneForUnknown() {
        same(DirtySource.class, io.lull.schemas.avro.DirtySource.class);
        same(TriggerReason.class, EpochReason.class);
        same(TriggerReason.class, CheckpointReason.class);
        same(TriggerReason.class, WindowEpochReason.class);
        same(DirtySource.class, WindowDirtySource.class);
        same(TriggerPlacement.class, PlanPlacement.class);
        same(TriggerPlacement.class, IntentPlacement.class);
        same(Decision.Kind.class, DecisionKind.class);
        same(OperatorIntent.Kind.class, IntentKind.class);
        same(ReplicationEvent.Kind.class, EventKind.class);
    }

    private static <P extends Enum<P>, A extends Enum<A>> void same(Class<P> policy, Class<A> avro) {
        List<String> expected = new ArrayList<>(List.of("UNKNOWN"));
        Arrays.stream(policy.getEnumConstants()).map(Enum::name).forEach(expected::add);
        assertThat(Arrays.stream(avro.getEnumConstants()).map(Enum::name))
                .as("symbols of %s", avro)
                .startsWith("UNKNOWN")
                .containsExactlyInAnyOrderElementsOf(expected);
    }
}
