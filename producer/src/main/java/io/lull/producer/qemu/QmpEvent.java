package io.lull.producer.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalLong;

/**
 * An event that QEMU sent of its own accord.
 *
 * @param name for example {@code STOP}
 * @param data the event's members; an empty object when it has none
 * @param timestampMicros QEMU's wall clock, microseconds since 1970; empty when QEMU could not read it
 */
public record QmpEvent(String name, JsonNode data, OptionalLong timestampMicros) {}
