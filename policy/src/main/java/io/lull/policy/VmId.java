package io.lull.policy;

import java.util.regex.Pattern;

/**
 * The name of a protected VM: the key of every topic.
 *
 * @param value 1 to 128 of letters, digits, dot, hyphen and underscore
 */
public record VmId(String value) implements Comparable<VmId> {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    public VmId {
        if (!FORM.matcher(value).matches()) {
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
}
