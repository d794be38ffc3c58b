package io.lull.schemas.wire;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Says that bytes are not a record of the kind that was asked for: what was wrong with them, and where. */
public final class BadRecordException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String where;
    private final String what;

    public BadRecordException(String where, String what, @Nullable Throwable cause) {
        super("bad record: " + where + ": " + what + "; it is kept aside and not used", cause);
        this.where = where;
        this.what = what;
    }

    /** The record's kind and the part of it that was wrong: header, body or value. */
    public String where() {
        return where;
    }

    /** What was wrong. */
    public String what() {
        return what;
    }
}
