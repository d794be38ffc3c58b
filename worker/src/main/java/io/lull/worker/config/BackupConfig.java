package io.lull.worker.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.lull.policy.Checks;
import io.lull.worker.backup.StandbyQemuOptions;
import io.lull.worker.page.ImageLayout;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** The configuration of {@code lull backup}; the reference file describes each key. */
public record BackupConfig(
        String vm,
        String host,
        Path runDir,
        String listen,
        TlsConfig tls,
        List<String> primaries,
        boolean unsafePlaintext,
        Image image,
        Disk disk,
        Standby standby,
        FailoverMode failover,
        long primarySilenceMillis,
        long standstillMillis,
        FenceChoice fence,
        KafkaConfig kafka) {
    public BackupConfig {
        Endpoint.vm(vm);
        Endpoint.required("host", host);
        Endpoint.runDir(runDir);
        Endpoint.parse("listen", listen);
        primaries = List.copyOf(primaries);
        TlsConfig.require(tls, "unsafePlaintext", unsafePlaintext, host);
        if (!tls.used() && !primaries.isEmpty()) {
            throw new IllegalArgumentException("'primaries' needs 'tls': in plaintext nobody is proven to be anyone");
        }
        Checks.within("primarySilenceMillis", primarySilenceMillis, 200, 3_600_000);
        Checks.within("standstillMillis", standstillMillis, 1_000, 3_600_000);
    }

    /** Whether the backup takes over by itself. */
    public enum FailoverMode {
        @JsonProperty("auto")
        AUTO,
        @JsonProperty("manual")
        MANUAL
    }

    /** The committed image. */
    public record Image(String directory, int maxGibibytes) {
        private static final int MAX_GIBIBYTES = (int) (ImageLayout.MAX_TOTAL_BYTES >> 30);

        public Image {
            Endpoint.required("image.directory", directory);
            Checks.within("image.maxGibibytes", maxGibibytes, 1, MAX_GIBIBYTES);
        }

        /** What a primary may announce, its device state included. */
        public long maxBytes() {
            return (long) maxGibibytes << 30;
        }
    }

    /** The disk's copy. */
    public record Disk(String file, boolean syncEachCommit) {
        public boolean used() {
            return !file.isBlank();
        }
    }

    /** The standby QEMU. */
    public record Standby(List<String> command) {
        public Standby {
            command = List.copyOf(command);
            if (command.isEmpty()) {
                throw new IllegalArgumentException("'standby.command' must be given: the VM's command line");
            }
            for (String placeholder : List.of(StandbyQemuOptions.QMP, StandbyQemuOptions.INCOMING)) {
                if (command.stream().noneMatch(word -> word.contains(placeholder))) {
                    throw new IllegalArgumentException("'standby.command' lacks " + placeholder
                            + ": it must say -qmp unix:{qmp},server=on,wait=off and -incoming unix:{incoming}");
                }
            }
        }
    }

    public InetSocketAddress listenAddress() {
        return Endpoint.parse("listen", listen);
    }

    /** The same without a fence, as an operator asked for by {@code --unsafe-no-fence}. */
    public BackupConfig unfenced() {
        return new BackupConfig(
                vm,
                host,
                runDir,
                listen,
                tls,
                primaries,
                unsafePlaintext,
                image,
                disk,
                standby,
                failover,
                primarySilenceMillis,
                standstillMillis,
                FenceChoice.UNSAFE_NO_FENCE,
                kafka);
    }

    public Path socket(String name) {
        return runDir.resolve(name);
    }
}
