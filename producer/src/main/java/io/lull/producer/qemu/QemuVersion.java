package io.lull.producer.qemu;

import io.lull.policy.Checks;
import java.util.Comparator;

/**
 * The version that QEMU states in its greeting.
 *
 * @param packageName the distribution's own version; may be empty
 */
public record QemuVersion(int major, int minor, int micro, String packageName) implements Comparable<QemuVersion> {
    private static final Comparator<QemuVersion> ORDER = Comparator.comparingInt(QemuVersion::major)
            .thenComparingInt(QemuVersion::minor)
            .thenComparingInt(QemuVersion::micro)
            .thenComparing(QemuVersion::packageName);

    public QemuVersion {
        Checks.notNegative("major", major);
        Checks.notNegative("minor", minor);
        Checks.notNegative("micro", micro);
    }

    /** A version without a distribution's package. */
    public static QemuVersion of(int major, int minor, int micro) {
        return new QemuVersion(major, minor, micro, "");
    }

    /** Whether this is the given upstream release or a later one, whatever the package. */
    public boolean isAtLeast(int wantedMajor, int wantedMinor, int wantedMicro) {
        return compareTo(of(wantedMajor, wantedMinor, wantedMicro)) >= 0;
    }

    @Override
    public int compareTo(QemuVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        String release = major + "." + minor + "." + micro;
        return packageName.isEmpty() ? release : release + " (" + packageName + ")";
    }
}
