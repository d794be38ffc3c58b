package io.lull.worker.page;

/**
 * A received chunk breaks the format: whoever sent it is broken or hostile, and the connection it came by must be
 * dropped. Nothing of the chunk was applied.
 */
public final class PageFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    public PageFormatException(String message) {
        super(message);
    }

    public PageFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
