package io.lull.producer.procfs;

import java.nio.file.Path;

/** A probe that could not be read; {@link #kind()} says whether asking again can help. */
public final class ProbeException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What went wrong. */
    public enum Kind {
        /** The process or thread does not exist any more, or the kernel has no such file: stop sampling it. */
        GONE,
        /** The kernel refused the file: rights. */
        UNREADABLE,
        /** The file is not in the form known. */
        MALFORMED
    }

    public ProbeException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** The same failure with the file named, where a parser could not know it. */
    ProbeException in(Path file) {
        if (kind != Kind.MALFORMED) {
            return this;
        }
        ProbeException named = new ProbeException(kind, file + ": " + getMessage() + "; is this a Linux host?");
        named.initCause(this);
        return named;
    }

    public Kind kind() {
        return kind;
    }
}
