package io.lull.worker.page;

import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/** LZ4 by the native library, never by its Java replacements, which are 2 to 7 times slower and take over silently. */
final class NativeLz4 {
    private NativeLz4() {}

    static LZ4Compressor compressor() {
        return factory().fastCompressor();
    }

    static LZ4SafeDecompressor decompressor() {
        return factory().safeDecompressor();
    }

    private static LZ4Factory factory() {
        try {
            return LZ4Factory.nativeInstance();
        } catch (LinkageError | RuntimeException e) {
            throw new IllegalStateException(
                    "the native LZ4 library can't be loaded; it is unpacked to java.io.tmpdir ("
                            + System.getProperty("java.io.tmpdir") + "), which must be writable and not mounted noexec",
                    e);
        }
    }
}
