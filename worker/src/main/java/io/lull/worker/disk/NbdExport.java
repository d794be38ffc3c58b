package io.lull.worker.disk;

import io.lull.policy.Checks;

/** The disk that a server offers, by name and size in bytes. */
public record NbdExport(String name, long sizeBytes) {
    public NbdExport {
        Checks.positive("sizeBytes", sizeBytes);
        if (name.isEmpty() || name.length() > 256) {
            throw new IllegalArgumentException("an export's name has 1 to 256 characters, not " + name.length());
        }
    }

    /** Whether a range of this length begins and ends within the disk. */
    boolean contains(long offset, long length) {
        return offset >= 0 && length >= 0 && offset <= sizeBytes - length;
    }
}
