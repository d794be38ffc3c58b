package io.lull.schemas.wire;

import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.DiskSample;
import io.lull.policy.signal.HostSample;
import io.lull.policy.signal.NetworkSample;
import io.lull.policy.signal.ServiceSample;
import io.lull.policy.signal.TcpSample;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.jspecify.annotations.Nullable;

/**
 * Reads samples of the current schema straight into the values of {@code policy}: the job reads each sample more than
 * once, and by way of the generated classes that is most of what it does.
 *
 * <p>It takes only records that are right in every byte. At anything else it gives up without a word, and the record
 * goes the long way, through Avro, which either can read it or says what is wrong with it. So the two can differ in
 * speed alone, and a schema that has moved on from {@link #READS} costs speed and no sample.
 */
final class SampleReader {
    /** Fingerprint of the schema whose fields stand below, in its order. */
    static final long READS = 0x4d528d31eaf36176L;

    private static final DirtySource[] SOURCES = {
        DirtySource.KVM_STATS, DirtySource.STREAM_APPORTIONED, DirtySource.PREDICTED, DirtySource.NONE
    };

    private final byte[] header;
    private final boolean reads;

    /**
     * A reader of records that begin with {@code header}.
     *
     * @param schema what the header stands for
     */
    SampleReader(Schema schema, byte[] header) {
        this.header = header.clone();
        this.reads = SchemaNormalization.parsingFingerprint64(schema) == READS;
    }

    /** Whether it reads anything at all. */
    boolean reads() {
        return reads;
    }

    /** The sample in these bytes; null when they must go the long way. */
    @Nullable
    VmSample read(byte[] bytes) {
        return read(bytes, 0, bytes.length);
    }

    /** The sample in the bytes from {@code from} up to {@code end}; null when they must go the long way. */
    @Nullable
    VmSample read(byte[] bytes, int from, int end) {
        if (!reads || end - from > AvroCodec.MAX_RECORD_BYTES || !Headers.begins(bytes, from, end, header)) {
            return null;
        }
        try {
            BodyReader in = new BodyReader(bytes, from + header.length, end);
            VmSample sample = sample(in);
            return in.isAtEnd() ? sample : null;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return null;
        }
    }

    private VmSample sample(BodyReader in) {
        // Java evaluates arguments from left to right: the order of the schema.
        return new VmSample(
                in.name(KnownNames.VMS),
                in.name(KnownNames.HOSTS),
                in.number(),
                in.number(),
                in.number(),
                in.number(),
                vcpus(in),
                SOURCES[in.smallNumber() - 1],
                network(in),
                new DiskSample(in.number(), in.number(), in.number(), in.smallNumber()),
                new TcpSample(
                        in.smallNumber(),
                        in.smallNumber(),
                        in.smallNumber(),
                        in.smallNumber(),
                        in.number(),
                        in.smallNumber(),
                        services(in)),
                new HostSample(in.smallNumber(), in.real(), in.flag(), in.number(), in.number()));
    }

    private static List<VcpuSample> vcpus(BodyReader in) {
        int count = in.count();
        if (count == 0) {
            return List.of();
        }
        VcpuSample[] vcpus = new VcpuSample[count];
        for (int i = 0; i < count; i++) {
            vcpus[i] = new VcpuSample(in.smallNumber(), in.number(), in.number(), in.number());
        }
        if (in.count() != 0) {
            throw new IllegalArgumentException("more than one block");
        }
        return List.of(vcpus);
    }

    private static List<ServiceSample> services(BodyReader in) {
        int count = in.count();
        if (count == 0) {
            return List.of();
        }
        ServiceSample[] services = new ServiceSample[count];
        for (int i = 0; i < count; i++) {
            services[i] = new ServiceSample(in.smallNumber(), in.smallNumber(), in.smallNumber(), in.smallNumber());
        }
        if (in.count() != 0) {
            throw new IllegalArgumentException("more than one block");
        }
        return List.of(services);
    }

    private static NetworkSample network(BodyReader in) {
        long txPackets = in.number();
        long txBytes = in.number();
        long rxPackets = in.number();
        long rxBytes = in.number();
        long heldPackets = in.number();
        long heldBytes = in.number();
        long oldestHeldNanos = in.number();
        long openPackets = in.isPresent() ? in.number() : heldPackets;
        long oldestOpenNanos = in.isPresent() ? in.number() : oldestHeldNanos;
        boolean known = in.flag();
        return new NetworkSample(
                txPackets,
                txBytes,
                rxPackets,
                rxBytes,
                heldPackets,
                heldBytes,
                oldestHeldNanos,
                openPackets,
                oldestOpenNanos,
                known);
    }
}
