package io.lull.bench.fuzz.parser;

import io.lull.schemas.wire.BadRecordException;
import io.lull.schemas.wire.RandomValues;
import io.lull.schemas.wire.Wire;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The records of Kafka's topics. The first byte of an input chooses the topic's reader. */
final class RecordTarget implements Target {
    private static final Bounds BOUNDS = new Bounds(256 << 10, 400);
    private static final int OF_EACH_KIND = 6;

    private final Wire wire = new Wire();

    /** The topics' readers, in the order of the first byte. */
    private enum Reader {
        SAMPLE,
        TELEMETRY,
        EPOCH,
        COMMAND,
        DECISION,
        INTENT,
        METRICS,
        EVENT,
        FENCE
    }

    @Override
    public List<Conversation> corpus() {
        List<Conversation> corpus = new ArrayList<>();
        for (int i = 0; i < OF_EACH_KIND; i++) {
            RandomValues values = new RandomValues(i);
            for (Reader reader : Reader.values()) {
                corpus.add(Conversation.of(new byte[] {(byte) reader.ordinal()}, encoded(reader, values)));
            }
        }
        return corpus;
    }

    private byte[] encoded(Reader reader, RandomValues values) {
        return switch (reader) {
            case SAMPLE -> wire.encode(values.sample());
            case TELEMETRY ->
                wire.encodeBatch("host-1", List.of(values.sample(), values.sample()))
                        .get(0);
            case EPOCH -> wire.encode(values.epoch());
            case COMMAND -> wire.encode(values.command());
            case DECISION -> wire.encode(values.decision());
            case INTENT -> wire.encode(values.intent());
            case METRICS -> wire.encode(values.metrics());
            case EVENT -> wire.encode(values.event());
            case FENCE -> wire.encode(values.fence());
        };
    }

    @Override
    public void run(byte[] input) throws Exception {
        if (input.length == 0) {
            return;
        }
        byte[] record = Arrays.copyOfRange(input, 1, input.length);
        switch (Reader.values()[Math.floorMod(input[0], Reader.values().length)]) {
            case SAMPLE -> wire.decodeSample(record);
            case TELEMETRY -> telemetry(record);
            case EPOCH -> wire.decodeEpoch(record);
            case COMMAND -> wire.decodeCommand(record);
            case DECISION -> wire.decodeDecision(record);
            case INTENT -> wire.decodeIntent(record);
            case METRICS -> wire.decodeMetrics(record);
            case EVENT -> wire.decodeEvent(record);
            case FENCE -> wire.decodeFence(record);
        }
    }

    private void telemetry(byte[] record) throws BadRecordException {
        List<byte[]> others = new ArrayList<>();
        wire.readSamples(record, sample -> {}, others::add);
        for (byte[] other : others) {
            wire.decodeSample(other);
        }
    }

    @Override
    public boolean refuses(Throwable thrown) {
        return thrown instanceof BadRecordException;
    }

    @Override
    public Bounds bounds() {
        return BOUNDS;
    }

    @Override
    public void checkUnharmed() throws Exception {
        for (Conversation valid : corpus()) {
            run(valid.bytes());
        }
    }
}
