package io.lull.schemas.wire;

import org.apache.avro.Schema;

/**
 * What stands before a record's body and names the schema it was written with. Single-object encoding is the one in
 * use; the framing of a schema registry (a zero byte and a 4-byte id) fits here too.
 */
public interface Framing {
    /** The header of a record written with the current schema. */
    byte[] header();

    /** Reads a record's header; hostile bytes end in the exception. */
    Framed read(byte[] bytes) throws BadRecordException;

    /**
     * A record whose header has been read.
     *
     * @param writer the schema that it was written with
     * @param bodyOffset where its body begins
     */
    record Framed(Schema writer, int bodyOffset) {}
}
