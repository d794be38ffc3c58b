package io.lull.producer.qemu;

import java.util.Optional;

/** A QMP command, or the whole connection, that failed; {@link #kind()} says whose doing it was. */
public final class QmpException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final String errorClass;

    /** What went wrong. */
    public enum Kind {
        /** QEMU answered with an error; the connection is fine. */
        REFUSED,
        /** No answer in time; QEMU may still carry the command out. */
        TIMEOUT,
        /** Not sent: too many commands wait for an answer. */
        BUSY,
        /** The connection is closed or could not be made. */
        CLOSED,
        /** The other side broke the protocol, and the connection was closed for it. */
        PROTOCOL
    }

    private QmpException(Kind kind, String errorClass, String message) {
        super(message);
        this.kind = kind;
        this.errorClass = errorClass;
    }

    /** An error of any kind but {@link Kind#REFUSED}. */
    public static QmpException of(Kind kind, String message) {
        return new QmpException(kind, "", message);
    }

    /** QEMU's own refusal of a command. */
    public static QmpException refused(String command, String errorClass, String description) {
        return new QmpException(
                Kind.REFUSED, errorClass, "QEMU refused " + command + ": " + description + " (" + errorClass + ")");
    }

    public Kind kind() {
        return kind;
    }

    /** QEMU's class of error, for example {@code GenericError}; present for {@link Kind#REFUSED} only. */
    public Optional<String> errorClass() {
        return errorClass.isEmpty() ? Optional.empty() : Optional.of(errorClass);
    }
}
