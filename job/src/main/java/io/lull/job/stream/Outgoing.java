package io.lull.job.stream;

import io.lull.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
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

    /**
     * A record that the job can't use, byte for byte as it came, with where it came from and what is wrong with it. Of one that
     * came compressed and is larger than the topic takes, the begin and the true size: a record that can't be written would
     * stop the job, again and again.
     */
    public static Outgoing rejected(String topic, RawRecord raw, String reason) {
        Map<String, String> headers = new HashMap<>(Map.of(
                "source.topic", raw.topic(),
                "source.partition", Integer.toString(raw.partition()),
                "source.offset", Long.toString(raw.offset()),
                "reason", reason.length() <= REASON_CHARS ? reason : reason.substring(0, REASON_CHARS)));
        byte[] key = begin(raw.key(), Topics.MAX_REJECTED_BYTES / 2);
        byte[] value = begin(raw.value(), Topics.MAX_REJECTED_BYTES - key.length);
        if (key.length < raw.key().length || value.length < raw.value().length) {
            headers.put("source.key.bytes", Integer.toString(raw.key().length));
            headers.put("source.value.bytes", Integer.toString(raw.value().length));
        }
        return new Outgoing(topic, raw.hasKey(), key, value, Map.copyOf(headers));
    }

    private static byte[] begin(byte[] bytes, int most) {
        return bytes.length <= most ? bytes : Arrays.copyOf(bytes, most);
    }
}
