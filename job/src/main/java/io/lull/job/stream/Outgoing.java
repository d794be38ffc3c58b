package io.lull.job.stream;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * A record that the job writes.
 *
 * @param topic the topic's full name
 * @param hasKey whether it has a key; without one {@code key} is empty
 * @param key not to be written to
 * @param value not to be written to
 * @param headers by name; sent as UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // Compared nowhere.
public record Outgoing(String topic, boolean hasKey, byte[] key, byte[] value, Map<String, String> headers) {
    public static final TypeInformation<Outgoing> TYPE = TypeInformation.of(Outgoing.class);

    /** Longest reason that is put into a header; the rest is cut off. */
    private static final int REASON_CHARS = 1000;

    /** A record of one of the job's own topics. */
    public static Outgoing of(String topic, String key, byte[] value) {
        return new Outgoing(topic, true, key.getBytes(StandardCharsets.UTF_8), value, Map.of());
    }

    /** A record that the job can't use, byte for byte as it came, with where it came from and what is wrong with it. */
    public static Outgoing rejected(String topic, RawRecord raw, String reason) {
        String cut = reason.length() <= REASON_CHARS ? reason : reason.substring(0, REASON_CHARS);
        Map<String, String> headers = Map.of(
                "source.topic", raw.topic(),
                "source.partition", Integer.toString(raw.partition()),
                "source.offset", Long.toString(raw.offset()),
                "reason", cut);
        return new Outgoing(topic, raw.hasKey(), raw.key(), raw.value(), headers);
    }
}
