package io.lull.worker.page;

import java.lang.reflect.Field;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import sun.misc.Unsafe;

/**
 * Raw access to memory outside the Java heap. Nothing here is checked: a wrong address kills the process, so only
 * classes that have checked page numbers and lengths call it.
 */
public final class OffHeap {
    private static final Unsafe UNSAFE = unsafe();
    private static final long ADDRESS = bufferField("address");
    private static final long CAPACITY = bufferField("capacity");
    /** Some 0.5 ms of memory that is touched for the first time. */
    private static final long PIECE_BYTES = 1 << 20;

    private static final ByteBuffer TEMPLATE = ByteBuffer.allocateDirect(0);

    private OffHeap() {}

    /** Refuses a machine whose byte order is not the wire's, since words are copied to the wire as they are. */
    static void requireLittleEndian() {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new IllegalStateException("the page pipeline needs a little-endian machine; this one is big-endian");
        }
    }

    static long getLong(long address) {
        return UNSAFE.getLong(address);
    }

    static void putLong(long address, long value) {
        UNSAFE.putLong(address, value);
    }

    static void putByte(long address, byte value) {
        UNSAFE.putByte(address, value);
    }

    static void putShort(long address, short value) {
        UNSAFE.putShort(address, value);
    }

    /** Copies up to a few pages; more by {@link #copyMuch}. */
    public static void copy(long from, long to, long bytes) {
        UNSAFE.copyMemory(from, to, bytes);
    }

    /** Sets up to a few pages' bytes; more by {@link #fillMuch}. */
    public static void fill(long address, long bytes, byte value) {
        UNSAFE.setMemory(address, bytes, value);
    }

    /** As {@link #copy}, of any size: all threads stand still for a thread in a copy once one of them collects garbage. */
    static void copyMuch(long from, long to, long bytes) {
        for (long done = 0; done < bytes; done += PIECE_BYTES) {
            copy(from + done, to + done, Math.min(PIECE_BYTES, bytes - done));
        }
    }

    /** As {@link #fill}, of any size, for the same reason. */
    static void fillMuch(long address, long bytes, byte value) {
        for (long done = 0; done < bytes; done += PIECE_BYTES) {
            fill(address + done, Math.min(PIECE_BYTES, bytes - done), value);
        }
    }

    static long allocate(long bytes) {
        return UNSAFE.allocateMemory(bytes);
    }

    static void free(long address) {
        UNSAFE.freeMemory(address);
    }

    /** Frees a direct buffer that is no view of another at once; nobody may use it any more. */
    public static void free(ByteBuffer direct) {
        UNSAFE.invokeCleaner(direct);
    }

    /** Unmaps at once instead of at some later garbage collection. */
    public static void unmap(MappedByteBuffer mapping) {
        UNSAFE.invokeCleaner(mapping);
    }

    /** The address of byte 0 of a direct buffer; valid while the caller keeps the buffer reachable. */
    public static long address(ByteBuffer direct) {
        if (!direct.isDirect()) {
            throw new IllegalArgumentException("only a direct buffer has an address; got " + direct);
        }
        return UNSAFE.getLong(direct, ADDRESS);
    }

    /** A little-endian buffer over memory that somebody else owns and keeps. */
    static ByteBuffer buffer(long address, int bytes) {
        ByteBuffer view = TEMPLATE.duplicate();
        UNSAFE.putLong(view, ADDRESS, address);
        UNSAFE.putInt(view, CAPACITY, bytes);
        view.clear();
        return view.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Points a buffer that {@link #buffer} made at other memory of the same size. */
    static void move(ByteBuffer view, long address) {
        UNSAFE.putLong(view, ADDRESS, address);
    }

    private static Unsafe unsafe() {
        try {
            Field field = Unsafe.class.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return (Unsafe) field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "sun.misc.Unsafe is not accessible; the worker needs the JDK's module"
                            + " jdk.unsupported in its run-time image",
                    e);
        }
    }

    private static long bufferField(String name) {
        try {
            return UNSAFE.objectFieldOffset(Buffer.class.getDeclaredField(name));
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("java.nio.Buffer has no field " + name + " in this JDK; run on JDK 17", e);
        }
    }
}
