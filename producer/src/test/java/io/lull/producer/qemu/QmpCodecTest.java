package io.lull.producer.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QmpCodecTest {
    private static final long SEED = Long.getLong("lull.seed", 20261123);
    private static final String CONVERSATION = FakeQemu.GREETING
            + "\r\n{\"return\": {}, \"id\": 1}\r\n\r\n"
            + "{\"timestamp\": {\"seconds\": 1, \"microseconds\": 2}, \"event\": \"STOP\", \"data\": {\"a\": \"ü\"}}\n"
            + "{\"id\": 2, \"error\": {\"class\": \"GenericError\", \"desc\": \"no\"}}\r\n";

    @Test
    void aCommandIsOneLineThatNamesItsId() {
        JsonNodeFactory json = JsonNodeFactory.instance;
        assertThat(new String(QmpCodec.encode(7, "stop", json.objectNode()), StandardCharsets.UTF_8))
                .isEqualTo("{\"execute\":\"stop\",\"id\":7}\n");
        assertThat(new String(QmpCodec.encode(8, "x", json.objectNode().put("a", "b\nc")), StandardCharsets.UTF_8))
                .isEqualTo("{\"execute\":\"x\",\"arguments\":{\"a\":\"b\\nc\"},\"id\":8}\n");
    }

    @Test
    void messagesComeOutTheSameHoweverTheBytesAreCut() throws Exception {
        System.out.println("QmpCodecTest seed " + SEED + " (-Dlull.seed=)");
        Random random = new Random(SEED);
        byte[] bytes = CONVERSATION.getBytes(StandardCharsets.UTF_8);
        List<QmpMessage> whole = new QmpCodec().decode(ByteBuffer.wrap(bytes));
        assertThat(whole).hasSize(4);
        assertThat(whole.get(3)).isEqualTo(new QmpMessage.Refusal(2, "GenericError", "no"));
        for (int round = 0; round < 500; round++) {
            QmpCodec codec = new QmpCodec();
            List<QmpMessage> pieces = new ArrayList<>();
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(bytes.length - at, 1 + random.nextInt(40));
                pieces.addAll(codec.decode(ByteBuffer.wrap(bytes, at, length)));
                at += length;
            }
            assertThat(pieces).isEqualTo(whole);
        }
    }

    @Test
    void randomDamageIsReadOrRefusedAsProtocolErrorAndNothingElse() {
        System.out.println("QmpCodecTest seed " + SEED + " (-Dlull.seed=)");
        Random random = new Random(SEED);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = CONVERSATION.getBytes(StandardCharsets.UTF_8);
            for (int spots = 1 + random.nextInt(4); spots > 0; spots--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                new QmpCodec().decode(ByteBuffer.wrap(bytes));
            } catch (QmpException e) {
                assertThat(e.kind()).isEqualTo(QmpException.Kind.PROTOCOL);
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void versionsAreOrderedByReleaseBeforePackage() {
        assertThat(QemuVersion.of(7, 2, 22)).isLessThan(QemuVersion.of(10, 0, 0));
        assertThat(new QemuVersion(7, 2, 1, "z")).isLessThan(new QemuVersion(7, 2, 2, "a"));
        assertThat(new QemuVersion(7, 2, 22, "Debian")).hasToString("7.2.22 (Debian)");
        assertThat(QemuVersion.of(8, 1, 0).isAtLeast(8, 1, 0)).isTrue();
        assertThat(QemuVersion.of(8, 0, 9).isAtLeast(8, 1, 0)).isFalse();
    }
}
