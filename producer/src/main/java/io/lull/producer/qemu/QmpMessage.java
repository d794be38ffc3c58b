package io.lull.producer.qemu;

import com.fasterxml.jackson.databind.JsonNode;

/** One line that QEMU sends on a QMP connection. */
public sealed interface QmpMessage {
    /** The first line of a connection. */
    record Greeting(QemuVersion version) implements QmpMessage {}

    /** A command's answer. */
    record Return(long id, JsonNode value) implements QmpMessage {}

    /** A command's refusal. */
    record Refusal(long id, String errorClass, String description) implements QmpMessage {}

    /** Something that happened in QEMU. */
    record Event(QmpEvent event) implements QmpMessage {}
}
