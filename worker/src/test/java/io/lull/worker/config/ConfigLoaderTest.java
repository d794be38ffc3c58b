package io.lull.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.lull.worker.output.PlugPlace;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
    private static final String PRIMARY = """
            vm: db
            host: a
            runDir: /run/lull
            qemu:
              qmp: /run/qmp.sock
            network: {netdev: net0}
            tls: {certificate: /etc/lull/a.pem, key: /etc/lull/a.key, authority: /etc/lull/authority.pem}
            """;
    private static final String BACKUP = """
            vm: db
            host: b
            runDir: /run/lull
            image:
              directory: /dev/shm/db
            standby:
              command: [qemu-system-x86_64, -qmp, "unix:{qmp}", -incoming, "unix:{incoming}"]
            tls: {certificate: /etc/lull/b.pem, key: /etc/lull/b.key, authority: /etc/lull/authority.pem}
            """;

    @TempDir
    Path folder;

    @Test
    void whatIsLeftOutOnPurposeIsReadAsItStands() throws Exception {
        PrimaryConfig primary = ConfigLoader.primary(file(PRIMARY.replace(
                "network: {netdev: net0}",
                "network: {netdev: net0, others: [net1, net2]}\ndisk: {node: disk0, others: [scratch]}")));

        assertThat(primary.network().others()).containsExactlyInAnyOrder("net1", "net2");
        assertThat(primary.disk().others()).containsExactly("scratch");
    }

    @Test
    void aFileWithTheRequiredKeysGetsTheDefaultsOfTheReference() throws Exception {
        PrimaryConfig primary = ConfigLoader.primary(file(PRIMARY));
        BackupConfig backup = ConfigLoader.backup(file(BACKUP));

        assertThat(primary.vm()).isEqualTo("db");
        assertThat(primary.onBackupLoss()).isEqualTo(OnBackupLoss.STOP_OUTPUT);
        assertThat(primary.limits().hard().safeIntervalNanos())
                .isEqualTo(reference("primary.yaml")
                                .at("/limits/safeIntervalMillis")
                                .asLong()
                        * 1_000_000);
        assertThat(primary.fence()).isEqualTo(FenceChoice.KAFKA);
        assertThat(backup.fence()).isEqualTo(FenceChoice.KAFKA);
        assertThat(backup.failover()).isEqualTo(BackupConfig.FailoverMode.AUTO);
        assertThat(backup.listenAddress().getPort())
                .isEqualTo(primary.backup().socketAddress().getPort());
    }

    @Test
    void theReferenceHoldsExactlyTheKeysThatAreRead() throws Exception {
        assertThat(keys(reference("primary.yaml"), "")).isEqualTo(components(PrimaryConfig.class, ""));
        assertThat(keys(reference("backup.yaml"), "")).isEqualTo(components(BackupConfig.class, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"vm", "host", "runDir", "qemu"})
    void aMissingRequiredKeyIsNamed(String key) throws Exception {
        String without = PRIMARY.replaceAll("(?m)^" + key + ":.*\n(?:  .*\n)*", "");

        assertThatThrownBy(() -> ConfigLoader.primary(file(without)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'" + (key.equals("qemu") ? "qemu.qmp" : key) + "' must be given")
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "netwrok: {netdev: n}                 | unknown key 'netwrok'",
                "network: {netdve: n}                 | unknown key 'network.netdve'",
                "trigger: {tickMicros: fast}          | 'trigger.tickMicros' must be a NUMBER",
                "trigger: {tickMicros: 0.5}           | 'trigger.tickMicros'",
                "trigger: 7                           | 'trigger' must hold keys",
                "trigger: {tickMicros: -1}            | tickMicros",
                "onBackupLoss: panic                  | 'onBackupLoss'",
                "source: magic                        | 'source'",
                "network: {netdev: n, gate: magic}    | 'network.gate'",
                "network: {netdev: n, gate: plug}     | 'network.tap' must be given in primary.yaml when 'network.gate' is plug",
                "network: {netdev: n, gate: plug, tap: t} | 'network.ifb' must be given in primary.yaml",
                "network: {netdev: n, gate: plug, tap: t, ifb: t} | 'network.ifb' is 't', as 'network.tap' is",
                "network: {netdev: n, gate: plug, tap: 't u', ifb: i} | 'network.tap' must be the name of a network device",
                "network: {netdev: n, gate: plug, tap: t, ifb: a/b} | 'network.ifb' must be the name of a network device",
                "network: {netdev: n, gate: plug, tap: t, ifb: sixteen-letters-} | up to 15 letters",
                "network: {netdev: n, gate: plug, tap: -t, ifb: i} | 'network.tap'",
                "network: {netdev: n, gate: plug, tap: t, ifb: i, maxHeldMebibytes: 9000} | at most 8188",
                "fence: maybe                         | 'fence'",
                "fence: unsafe-no-fence               | 'fence' of a primary is kafka or none",
                "network: {netdev: ''}                | 'network.netdev' is empty",
                "backup: {address: nowhere}           | 'backup.address' must be host:port",
                "backup: {address: '127.0.0.1:99999'} | 'backup.address' must end in a port up to 65535",
                "backup: {unsafePlaintext: true}      | 'tls' and 'backup.unsafePlaintext: true' exclude each other",
                "tls: {certificate: /etc/lull/a.pem}  | 'tls' needs all of certificate, key and authority",
                "tls: {}                              | 'tls' must be given; `lull certs` makes its files",
                "tls: {password: secret}              | unknown key 'tls.password'",
                "host: 'a b'                          | 'host' must be 1 to 200 letters",
                "vm: 'a b'                            | 'vm'",
                "kafka: {bootstrap: ''}               | 'kafka.bootstrap' must be given",
            })
    void aWrongValueIsNamedInOneLine(String line, String message) throws Exception {
        String key = line.substring(0, line.indexOf(':') + 1);
        String text = PRIMARY.replaceAll("(?m)^" + key + ".*\n", "") + line + "\n";

        assertThatThrownBy(() -> ConfigLoader.primary(file(text)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("lull.yaml")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aVmIsCapturedByWhatCanUnlessTheFileNamesASource() throws Exception {
        assertThat(ConfigLoader.primary(file(PRIMARY)).source()).isEqualTo(SourceChoice.AUTO);
        assertThat(ConfigLoader.primary(file(PRIMARY + "source: colo\n")).source())
                .isEqualTo(SourceChoice.COLO);
        assertThat(ConfigLoader.primary(file(PRIMARY + "source: shared-memory\n"))
                        .source())
                .isEqualTo(SourceChoice.SHARED_MEMORY);
    }

    @Test
    void outputWaitsInTheWorkerUnlessTheFileNamesAnotherGate() throws Exception {
        assertThat(ConfigLoader.primary(file(PRIMARY)).network().gate()).isEqualTo(GateChoice.REDIRECTOR);
        String text = PRIMARY.replaceAll("(?m)^network:.*\n", "") + "network: {netdev: n, gate: filter-buffer}\n";
        assertThat(ConfigLoader.primary(file(text)).network().gate()).isEqualTo(GateChoice.FILTER_BUFFER);
    }

    @Test
    void plugsStandBehindQemuWhichKeepsNothingThatTheyLetGo() throws Exception {
        String others = PRIMARY.replaceAll("(?m)^network:.*\n", "");
        String plug = others + "network: {netdev: n, gate: plug, tap: tap0, ifb: lull-tap0, maxHeldMebibytes: 8}\n";
        PrimaryConfig.Network network = ConfigLoader.primary(file(plug)).network();
        assertThat(network.plugPlace()).isEqualTo(new PlugPlace("tap0", "lull-tap0", 8L << 20));
        assertThat(network.heldNetdev()).hasValue("n");
        assertThat(network.releasingNetdev()).isEmpty();
        for (String gate : List.of("redirector", "filter-buffer")) {
            String text = others + "network: {netdev: n, gate: " + gate + "}\n";
            assertThat(ConfigLoader.primary(file(text)).network().releasingNetdev())
                    .as(gate)
                    .hasValue("n");
        }
    }

    @Test
    void aLeanShadowIsRefusedWithSharedMemory() {
        assertThatThrownBy(
                        () -> ConfigLoader.primary(file(PRIMARY + "source: shared-memory\npipeline: {shadow: lean}\n")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("whole copy", "shadow: full")
                .hasMessageNotContaining("\n");
    }

    @Test
    void anyNetworkMayLieBetweenHostsThatKnowEachOther() throws Exception {
        PrimaryConfig config = ConfigLoader.primary(file(PRIMARY + "backup: {address: '192.0.2.1:7711'}\n"));

        assertThat(config.backup().socketAddress().getAddress().isLoopbackAddress())
                .isFalse();
    }

    @Test
    void noFenceIsAskedWhateverTheFilesSayWhenAnOperatorWantsIt() throws Exception {
        assertThat(ConfigLoader.primary(file(PRIMARY)).unfenced().fence()).isEqualTo(FenceChoice.NONE);
        assertThat(ConfigLoader.backup(file(BACKUP)).unfenced().fence()).isEqualTo(FenceChoice.UNSAFE_NO_FENCE);
    }

    @Test
    void plaintextHasToBeAskedForOnLoopbackToo() throws Exception {
        String open = BACKUP.replaceAll("(?m)^tls:.*\n", "");

        assertThatThrownBy(() -> ConfigLoader.backup(file(open)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'tls' must be given")
                .hasMessageContaining("unsafePlaintext: true");
        assertThat(ConfigLoader.backup(file(open + "unsafePlaintext: true\n"))
                        .tls()
                        .used())
                .isFalse();
    }

    @Test
    void namesOfPrimariesMeanNothingInPlaintext() throws Exception {
        String open = BACKUP.replaceAll("(?m)^tls:.*\n", "") + "unsafePlaintext: true\nprimaries: [a]\n";

        assertThatThrownBy(() -> ConfigLoader.backup(file(open)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'primaries' needs 'tls'");
    }

    @Test
    void aRunDirThatIsTooLongForSocketsIsRefused() throws Exception {
        String text = PRIMARY.replace("/run/lull", "/run/" + "x".repeat(100));

        assertThatThrownBy(() -> ConfigLoader.primary(file(text)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'runDir' has 105 bytes");
    }

    @Test
    void aKeyThatIsGivenTwiceIsRefused() throws Exception {
        assertThatThrownBy(() -> ConfigLoader.primary(file(PRIMARY + "vm: other\n")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Duplicate field 'vm'");
    }

    @Test
    void aBackupWithoutAStandbyCommandIsRefused() throws Exception {
        String text = BACKUP.replaceAll("(?m)^standby:\n.*\n", "");

        assertThatThrownBy(() -> ConfigLoader.backup(file(text)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'standby.command' must be given");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "- a list\n", "just words\n", "a: [\n", "\u0000"})
    void aFileThatHoldsNoKeysIsRefused(String text) throws Exception {
        assertThatThrownBy(() -> ConfigLoader.primary(file(text)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("lull.yaml")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> ConfigLoader.primary(folder.resolve("absent.yaml")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("absent.yaml");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("lull.yaml"), text);
    }

    private static ObjectNode reference(String name) throws IOException {
        ObjectMapper yaml = new YAMLMapper();
        return (ObjectNode) yaml.readTree(ConfigLoader.referenceText(name));
    }

    private static Set<String> keys(JsonNode node, String prefix) {
        Set<String> keys = new TreeSet<>();
        node.fields().forEachRemaining(entry -> {
            String key = prefix + entry.getKey();
            if (entry.getValue().isObject()) {
                keys.addAll(keys(entry.getValue(), key + "."));
            } else {
                keys.add(key);
            }
        });
        return keys;
    }

    private static Set<String> components(Class<?> type, String prefix) {
        return Arrays.stream(type.getRecordComponents())
                .flatMap(component -> keysOf(component, prefix).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> keysOf(RecordComponent component, String prefix) {
        String key = prefix + component.getName();
        return component.getType().isRecord() ? components(component.getType(), key + ".") : Set.of(key);
    }
}
