package io.lull.worker.protocol;

/**
 * A named range of guest memory, as QEMU's stream lists it.
 *
 * @param name QEMU's name, 1 to 255 bytes
 * @param lengthBytes used length, a positive multiple of 4096
 */
public record RamBlock(String name, long lengthBytes) {
    public static final int MAX_NAME_BYTES = 255;
    public static final int PAGE_BYTES = 4096;

    public RamBlock {
        BodyWriter.checkText("block name", name, MAX_NAME_BYTES);
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a RAM block needs a name");
        }
        if (lengthBytes <= 0 || lengthBytes % PAGE_BYTES != 0) {
            throw new IllegalArgumentException(
                    "RAM block '" + name + "' has " + lengthBytes + " bytes, not a positive multiple of " + PAGE_BYTES);
        }
    }

    public long pages() {
        return lengthBytes / PAGE_BYTES;
    }
}
