package io.lull.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.ReplicationEvent;
import io.lull.policy.VmId;
import io.lull.schemas.avro.CheckpointCommand;
import io.lull.schemas.avro.CommandKind;
import io.lull.schemas.avro.EventKind;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;

class AvroCodecTest {
    private static final ReplicationEvent EVENT =
            new ReplicationEvent(new VmId("web-1"), "host-a", ReplicationEvent.Kind.ARMED, 17, 3, "");

    private final Wire wire = new Wire();
    private final AvroCodec<io.lull.schemas.avro.ReplicationEvent> events =
            AvroCodec.singleObject(io.lull.schemas.avro.ReplicationEvent.getClassSchema());

    @Test
    void beginsWithTheMarkerAndTheFingerprintInLittleEndian() {
        long fingerprint =
                SchemaNormalization.parsingFingerprint64(io.lull.schemas.avro.ReplicationEvent.getClassSchema());
        byte[] bytes = wire.encode(EVENT);
        assertThat(bytes).startsWith(0xC3, 0x01);
        for (int i = 0; i < Long.BYTES; i++) {
            assertThat(bytes[2 + i]).isEqualTo((byte) (fingerprint >>> (8 * i)));
        }
    }

    @Test
    void readsARecordOfAReleasedSchemaThatLacksANewField() throws BadRecordException {
        Schema released = Schema.createRecord("ReplicationEvent", "", "io.lull.schemas.avro", false);
        Schema current = io.lull.schemas.avro.ReplicationEvent.getClassSchema();
        released.setFields(current.getFields().stream()
                .filter(field -> !field.name().equals("detail"))
                .map(field -> new Schema.Field(field, field.schema()))
                .toList());
        Framing newer = new SingleObjectFraming(current, List.of(released));
        Framing older = new SingleObjectFraming(released, List.of());
        byte[] withDetail = new AvroCodec<io.lull.schemas.avro.ReplicationEvent>(current, newer)
                .encode(new io.lull.schemas.avro.ReplicationEvent("vm", "host", EventKind.ARMED, 17L, 3L, ""));
        byte[] body = Arrays.copyOfRange(withDetail, older.header().length, withDetail.length - 1);
        byte[] old = Arrays.copyOf(older.header(), older.header().length + body.length);
        System.arraycopy(body, 0, old, older.header().length, body.length);

        assertThat(new AvroCodec<io.lull.schemas.avro.ReplicationEvent>(current, newer).decode(old))
                .isEqualTo(new io.lull.schemas.avro.ReplicationEvent("vm", "host", EventKind.ARMED, 17L, 3L, ""));
        assertThatThrownBy(() -> events.decode(old)).isInstanceOf(BadRecordException.class);
    }

    @Test
    void refusesARecordOfAnUnknownSchemaAndSaysWhich() {
        byte[] bytes = wire.encode(EVENT);
        bytes[2] ^= 1;
        assertThatThrownBy(() -> wire.decodeEvent(bytes))
                .isInstanceOf(BadRecordException.class)
                .hasMessageContaining("ReplicationEvent header")
                .hasMessageContaining("fingerprint");
    }

    @Test
    void refusesARecordOfAnotherKind() {
        assertThatThrownBy(() -> wire.decodeSample(wire.encode(EVENT))).isInstanceOf(BadRecordException.class);
    }

    @Test
    void refusesARecordWithBytesLeftOver() {
        byte[] bytes = wire.encode(EVENT);
        assertThatThrownBy(() -> wire.decodeEvent(Arrays.copyOf(bytes, bytes.length + 1)))
                .isInstanceOf(BadRecordException.class)
                .hasMessageContaining("left over");
    }

    @Test
    void refusesARecordOverTheLimitBeforeItLooksAtIt() {
        assertThatThrownBy(() -> wire.decodeEvent(new byte[AvroCodec.MAX_RECORD_BYTES + 1]))
                .isInstanceOf(BadRecordException.class)
                .hasMessageContaining("over the limit");
    }

    @Test
    void writesNoRecordOverTheLimit() {
        ReplicationEvent huge = new ReplicationEvent(
                EVENT.vm(), "host", ReplicationEvent.Kind.ARMED, 1, 1, "x".repeat(AvroCodec.MAX_RECORD_BYTES));
        assertThatThrownBy(() -> wire.encode(huge))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("over the limit");
    }

    @Test
    void refusesAnUnknownEnumSymbol() {
        byte[] bytes =
                events.encode(new io.lull.schemas.avro.ReplicationEvent("vm", "host", EventKind.UNKNOWN, 1L, 1L, ""));
        assertThatThrownBy(() -> wire.decodeEvent(bytes))
                .isInstanceOf(BadRecordException.class)
                .hasMessageContaining("UNKNOWN");
    }

    @Test
    void refusesAValueThatPolicyRefuses() {
        byte[] bytes =
                events.encode(new io.lull.schemas.avro.ReplicationEvent("vm", "host", EventKind.ARMED, -1L, 1L, ""));
        assertThatThrownBy(() -> wire.decodeEvent(bytes))
                .isInstanceOf(BadRecordException.class)
                .hasMessageContaining("atMicros must not be negative");
    }

    @Test
    void refusesACommandWithoutThePartThatItsKindNames() {
        AvroCodec<CheckpointCommand> commands = AvroCodec.singleObject(CheckpointCommand.getClassSchema());
        for (CommandKind kind : CommandKind.values()) {
            byte[] bytes = commands.encode(new CheckpointCommand("vm", 1L, kind, null, null));
            assertThatThrownBy(() -> wire.decodeCommand(bytes)).isInstanceOf(BadRecordException.class);
        }
    }
}
