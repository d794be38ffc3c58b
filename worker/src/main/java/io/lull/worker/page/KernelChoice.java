package io.lull.worker.page;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which {@link DeltaKernel} this JVM runs, decided once, at the first use, and logged with the reason.
 *
 * <p>The fastest that works here: vectors, where the build has that class, the JVM is 25 or later with {@code --add-modules
 * jdk.incubator.vector}, which the launcher {@code lull} gives it, and the machine's preferred vector has 512 bits; else
 * {@code Unsafe}. The kernel by {@code ByteBuffer}, which checks each index, runs only where it is named: all memory that pages lie in
 * is got by {@code Unsafe}, so where that is missing no kernel could run. The system property {@code lull.page.kernel} names one
 * instead, and then that one or none.
 */
public final class KernelChoice {
    private static final Logger LOG = LoggerFactory.getLogger(KernelChoice.class);
    /** Names a kernel: {@code vector}, {@code unsafe} or {@code buffer}. */
    public static final String PROPERTY = "lull.page.kernel";

    /** The kernels, fastest first. */
    public enum Kind {
        VECTOR,
        UNSAFE,
        BUFFER
    }

    private static final class Chosen {
        static final Kind KIND = choose(Optional.ofNullable(System.getProperty(PROPERTY)));
    }

    private KernelChoice() {}

    /** The kind that runs here. */
    public static Kind kind() {
        return Chosen.KIND;
    }

    /** A kernel of the kind that runs here, for one thread. */
    public static DeltaKernel create() {
        return create(Chosen.KIND);
    }

    /** The kinds that work in this JVM, fastest first. */
    public static List<Kind> available() {
        return Stream.of(Kind.values()).filter(kind -> problem(kind).isEmpty()).toList();
    }

    /**
     * A kernel of a kind.
     *
     * @throws IllegalStateException when it does not work in this JVM
     */
    public static DeltaKernel create(Kind kind) {
        OffHeap.requireLittleEndian();
        return switch (kind) {
            case VECTOR -> vector();
            case UNSAFE -> new UnsafeKernel();
            case BUFFER -> new BufferKernel();
        };
    }

    private static Kind choose(Optional<String> named) {
        if (named.isPresent()) {
            Kind kind = Kind.valueOf(named.get().toUpperCase(Locale.ROOT));
            create(kind);
            LOG.info("page kernel: {}, as {} says", kind, PROPERTY);
            return kind;
        }
        List<String> passedOver = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            Optional<String> problem = problem(kind);
            if (problem.isEmpty()) {
                LOG.info("page kernel: {}{}", kind, passedOver.isEmpty() ? "" : "; " + String.join("; ", passedOver));
                return kind;
            }
            passedOver.add("not " + kind + ": " + problem.get());
        }
        throw new IllegalStateException("no page kernel works here: " + String.join("; ", passedOver));
    }

    private static Optional<String> problem(Kind kind) {
        try {
            create(kind);
            return Optional.empty();
        } catch (IllegalStateException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static DeltaKernel vector() {
        try {
            Class<?> compiled = Class.forName(KernelChoice.class.getPackageName() + ".VectorKernel");
            return (DeltaKernel) compiled.getDeclaredConstructor().newInstance();
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("this build has no vector kernel, as no JDK 25 was known to it", e);
        } catch (UnsupportedClassVersionError e) {
            throw new IllegalStateException(
                    "it needs Java 25, this is " + Runtime.version().feature(), e);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(String.valueOf(e.getCause()), e);
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IllegalStateException(
                    "it can't be loaded (--add-modules jdk.incubator.vector is needed): " + e, e);
        }
    }
}
