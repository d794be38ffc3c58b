package io.lull.policy;

/**
 * The name of a protected VM: the key of every topic.
 *
 * @param value 1 to 128 of letters, digits, dot, hyphen and underscore
 */
public record VmId(String value) implements Comparable<VmId> {
    private static final int LONGEST = 128;

    public VmId {
        if (!isName(value)) {
            throw new IllegalArgumentException(
                    "VM id '" + value + "' must be 1 to 128 of letters, digits, '.', '-' and '_'");
        }
    }

    @Override
    public int compareTo(VmId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    /** A loop and not a pattern, because every sample that the job reads brings a name. */
    private static boolean isName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!letter && !(c >= '0' && c <= '9') && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= LONGEST;
    }
}
