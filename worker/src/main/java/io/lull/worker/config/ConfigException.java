package io.lull.worker.config;

/** The configuration is wrong; the message is one line that says which key and what to do. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }
}
