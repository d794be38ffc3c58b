package io.lull.bench.fuzz.parser;

import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * What a peer sends on one connection, cut where its messages begin, so that a mutation can move whole messages.
 *
 * @param messages not to be changed
 */
public record Conversation(List<byte[]> messages) {
    public Conversation {
        messages = List.copyOf(messages);
    }

    /** One message, or several that have no bounds. */
    public static Conversation of(byte[]... messages) {
        return new Conversation(List.of(messages));
    }

    /** The messages one after the other. */
    public byte[] bytes() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        messages.forEach(all::writeBytes);
        return all.toByteArray();
    }
}
