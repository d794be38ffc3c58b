package io.lull.bench.fuzz.parser;

import io.lull.producer.qemu.QmpCodec;
import io.lull.producer.qemu.QmpException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The QMP client's reading side: lines of JSON from QEMU. */
final class QmpTarget implements Target {
    private static final int READ_BYTES = 64 << 10;
    /** Jackson knows up to 6,000 names of members, and copies its table of them when a line has a new one. */
    private static final int NAMES_BYTES = 1 << 20;

    /** Jackson's trees take up to some hundred bytes for a value of two. */
    private static final Bounds BOUNDS = new Bounds(READ_BYTES + NAMES_BYTES, 400);

    private static final List<String> LINES = List.of(
            "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 22, \"minor\": 2, \"major\": 7}, \"package\": \"Debian"
                    + " 1:7.2\"}, \"capabilities\": [\"oob\"]}}",
            "{\"return\": {}, \"id\": 1}",
            "{\"timestamp\": {\"seconds\": 1761913000, \"microseconds\": 123456}, \"event\": \"STOP\"}",
            "{\"timestamp\": {\"seconds\": -1, \"microseconds\": -1}, \"event\": \"BLOCK_JOB_READY\", \"data\":"
                    + " {\"device\": \"mirror\", \"len\": 1073741824, \"offset\": 1073741824, \"speed\": 0, \"type\":"
                    + " \"mirror\"}}",
            "{\"return\": [{\"thread-id\": 4711, \"cpu-index\": 0, \"props\": {\"core-id\": 0}}], \"id\": 2}",
            "{\"error\": {\"class\": \"GenericError\", \"desc\": \"There is \\\"no\\\" \\u00e9 device\"}, \"id\": 3}",
            "{\"return\": {\"status\": \"colo\", \"ram\": {\"total\": 1.5e9, \"dirty\": [0, 1, null, true]}}, \"id\":"
                    + " 9007199254740993}");

    @Override
    public List<Conversation> corpus() {
        List<byte[]> lines = LINES.stream()
                .map(line -> (line + "\r\n").getBytes(StandardCharsets.UTF_8))
                .toList();
        return List.of(
                new Conversation(lines), new Conversation(lines.subList(0, 3)), new Conversation(lines.subList(2, 6)));
    }

    @Override
    public void run(byte[] input) throws Exception {
        QmpCodec codec = new QmpCodec();
        InputChannel channel = new InputChannel(input);
        ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
        while (channel.read(buffer.clear()) >= 0) {
            codec.decode(buffer.flip());
        }
    }

    @Override
    public boolean refuses(Throwable thrown) {
        return thrown instanceof QmpException refusal && refusal.kind() == QmpException.Kind.PROTOCOL;
    }

    @Override
    public Bounds bounds() {
        return BOUNDS;
    }

    @Override
    public void checkUnharmed() throws Exception {
        int messages =
                new QmpCodec().decode(ByteBuffer.wrap(corpus().get(0).bytes())).size();
        if (messages != LINES.size()) {
            throw new IllegalStateException(messages + " messages of " + LINES.size());
        }
    }
}
