package io.lull.worker.config;

import io.lull.policy.Checks;
import io.lull.policy.HardLimits;
import io.lull.worker.output.PlugPlace;
import io.lull.worker.page.VerifyRound;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The configuration of {@code lull primary}; the reference file describes each key. */
public record PrimaryConfig(
        String vm,
        String host,
        Path runDir,
        Qemu qemu,
        SourceChoice source,
        Network network,
        Disk disk,
        TlsConfig tls,
        Backup backup,
        OnBackupLoss onBackupLoss,
        FenceChoice fence,
        KafkaConfig kafka,
        Limits limits,
        Trigger trigger,
        Pipeline pipeline) {
    /** A source that compares all of the guest's memory needs a copy of all of it. */
    public static final String NO_LEAN_COPY =
            "'pipeline.shadow' is lean, and the VM is captured from shared memory, for which the worker keeps a whole copy of"
                    + " the guest's memory: say shadow: full, or have the VM captured by COLO";

    public PrimaryConfig {
        Endpoint.vm(vm);
        Endpoint.required("host", host);
        Endpoint.runDir(runDir);
        Endpoint.required("qemu.qmp", qemu.qmp());
        TlsConfig.require(tls, "backup.unsafePlaintext", backup.unsafePlaintext(), host);
        if (source == SourceChoice.SHARED_MEMORY && pipeline.shadow() == ShadowKind.LEAN) {
            throw new IllegalArgumentException(NO_LEAN_COPY);
        }
        if (fence == FenceChoice.UNSAFE_NO_FENCE) {
            throw new IllegalArgumentException(
                    "'fence' of a primary is kafka or none: it is its backup's fence that may be unsafe-no-fence");
        }
        if (fence == FenceChoice.KAFKA && !network.used()) {
            throw new IllegalArgumentException(
                    "'fence' is kafka and 'network.netdev' is empty: output that isn't held can't be fenced; name the"
                            + " VM's -netdev, or say fence: none for a guest without a network");
        }
    }

    /** Monitors and the watchdog. */
    public record Qemu(String qmp, String watchdogQmp, long watchdogMillis) {
        public Qemu {
            Checks.positive("qemu.watchdogMillis", watchdogMillis);
        }
    }

    /** Output commit; the output of the others leaves as it comes. */
    public record Network(
            String netdev, List<String> others, GateChoice gate, String tap, String ifb, long maxHeldMebibytes) {
        public Network {
            others = List.copyOf(others);
            Checks.within("network.maxHeldMebibytes", maxHeldMebibytes, 1, 1 << 20);
            if (gate == GateChoice.PLUG && !netdev.isBlank()) {
                new PlugPlace(tap, ifb, maxHeldMebibytes << 20);
            }
        }

        public boolean used() {
            return !netdev.isBlank();
        }

        /** The netdev whose output is held; empty when none is. */
        public Optional<String> heldNetdev() {
            return used() ? Optional.of(netdev) : Optional.empty();
        }

        /** The netdev in which frames that the gate let go may wait for a paused guest; empty when there is none. */
        public Optional<String> releasingNetdev() {
            return gate.releasesThroughQemu() ? heldNetdev() : Optional.empty();
        }

        /**
         * Where a gate of plugs goes.
         *
         * @throws IllegalArgumentException when the gate is another, and the devices aren't named
         */
        public PlugPlace plugPlace() {
            return new PlugPlace(tap, ifb, maxHeldBytes());
        }

        public long maxHeldBytes() {
            return maxHeldMebibytes << 20;
        }
    }

    /** Disk replication; the others are left as they are. */
    public record Disk(String node, List<String> others, long copyMebibytesPerSecond) {
        public Disk {
            others = List.copyOf(others);
            Checks.notNegative("disk.copyMebibytesPerSecond", copyMebibytesPerSecond);
        }

        public boolean used() {
            return !node.isBlank();
        }
    }

    /** Where the backup is, which host it must be (blank: whoever is at the address), and how much it may be sent. */
    public record Backup(
            String address,
            String host,
            boolean unsafePlaintext,
            long retryMillis,
            long silenceMillis,
            long sendMebibytesPerSecond) {
        public Backup {
            Endpoint.parse("backup.address", address);
            Checks.positive("backup.retryMillis", retryMillis);
            Checks.within("backup.silenceMillis", silenceMillis, 500, 3_600_000);
            Checks.within("backup.sendMebibytesPerSecond", sendMebibytesPerSecond, 0, 1 << 20);
        }

        /** The ceiling of what is sent; empty for none. */
        public OptionalLong ceilingBytesPerSecond() {
            return sendMebibytesPerSecond == 0 ? OptionalLong.empty() : OptionalLong.of(sendMebibytesPerSecond << 20);
        }

        public InetSocketAddress socketAddress() {
            return Endpoint.parse("backup.address", address);
        }
    }

    /** Hard limits in the file's units. */
    public record Limits(
            long minEpochMillis,
            long maxEpochMillis,
            long safeIntervalMillis,
            long dirtyPagesWatermark,
            long heldKibibytesWatermark) {
        public HardLimits hard() {
            return new HardLimits(
                    minEpochMillis * 1_000_000,
                    maxEpochMillis * 1_000_000,
                    safeIntervalMillis * 1_000_000,
                    dirtyPagesWatermark,
                    heldKibibytesWatermark << 10);
        }

        public Limits {
            new HardLimits(
                    minEpochMillis * 1_000_000,
                    maxEpochMillis * 1_000_000,
                    safeIntervalMillis * 1_000_000,
                    dirtyPagesWatermark,
                    heldKibibytesWatermark << 10);
        }
    }

    /** Periods of the trigger and of telemetry. */
    public record Trigger(long tickMicros, long telemetryMicros, long fastTelemetryMicros) {
        public Trigger {
            Checks.positive("trigger.tickMicros", tickMicros);
            Checks.positive("trigger.telemetryMicros", telemetryMicros);
            Checks.positive("trigger.fastTelemetryMicros", fastTelemetryMicros);
        }
    }

    /** Page pipeline. */
    public record Pipeline(
            int threads, CodecRule codec, ShadowKind shadow, long leanShadowMebibytes, long verifyPagesPerSecond) {
        public Pipeline {
            Checks.notNegative("pipeline.threads", threads);
            Checks.notNegative("pipeline.leanShadowMebibytes", leanShadowMebibytes);
            Checks.within("pipeline.verifyPagesPerSecond", verifyPagesPerSecond, 0, VerifyRound.MAX_PAGES_PER_SECOND);
        }

        /** The threads to use on a host with {@code cores} cores. */
        public int threadsOn(int cores) {
            return threads > 0 ? threads : Math.max(1, cores - 1);
        }
    }

    /** The same without a fence, as an operator asked for by {@code --unsafe-no-fence}. */
    public PrimaryConfig unfenced() {
        return new PrimaryConfig(
                vm,
                host,
                runDir,
                qemu,
                source,
                network,
                disk,
                tls,
                backup,
                onBackupLoss,
                FenceChoice.NONE,
                kafka,
                limits,
                trigger,
                pipeline);
    }

    public Path socket(String name) {
        return runDir.resolve(name);
    }
}
