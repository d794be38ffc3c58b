package io.lull.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several VMs in one process: nothing starts unless each is sound and they don't get in each other's way. */
class VmConfigsTest {
    @TempDir
    Path folder;

    @Test
    void readsThemInOrder() throws Exception {
        List<PrimaryConfig> read =
                VmConfigs.primaries(List.of(primary("a", "a", "/r/a", "/q/a"), primary("b", "b", "/r/b", "/q/b")));
        assertThat(read).extracting(PrimaryConfig::vm).containsExactly("a", "b");
        List<BackupConfig> backups = VmConfigs.backups(
                List.of(backup("c", "c", "/r/c", 7001, "/i/c"), backup("d", "d", "/r/d", 7002, "/i/d")));
        assertThat(backups).extracting(BackupConfig::vm).containsExactly("c", "d");
    }

    @ParameterizedTest
    @CsvSource({
        "a, /r/b, /q/b, vm: a",
        "b, /r/../r/a, /q/b, runDir: /r/a",
        "b, /r/b, /q/a, qemu.qmp: /q/a",
    })
    void twoPrimariesMayNotClaimTheSame(String vm, String runDir, String qmp, String said) throws Exception {
        Path first = primary("1", "a", "/r/a", "/q/a");
        Path second = primary("2", vm, runDir, qmp);
        assertThatThrownBy(() -> VmConfigs.primaries(List.of(first, second)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(first + " and " + second + " both say " + said);
    }

    @ParameterizedTest
    @CsvSource({"t1, i2, network.tap: t1", "t2, i1, network.ifb: i1"})
    void twoPrimariesMayNotHaveTheirPlugsAtTheSameDevices(String tap, String ifb, String said) throws Exception {
        Path first = withPlugs(primary("1", "a", "/r/a", "/q/a"), "t1", "i1");
        Path second = withPlugs(primary("2", "b", "/r/b", "/q/b"), tap, ifb);
        assertThatThrownBy(() -> VmConfigs.primaries(List.of(first, second))).hasMessageContaining("both say " + said);
    }

    private static Path withPlugs(Path file, String tap, String ifb) throws IOException {
        String text = Files.readString(file).replaceAll("(?m)^network:.*\n", "");
        return Files.writeString(file, text + "network: {netdev: n, gate: plug, tap: " + tap + ", ifb: " + ifb + "}\n");
    }

    @ParameterizedTest
    @CsvSource({
        "a, /r/b, 7002, /i/b, vm: a",
        "b, /r/a, 7002, /i/b, runDir: /r/a",
        "b, /r/b, 7001, /i/b, listen: ",
        "b, /r/b, 7002, /i/a, image.directory: /i/a",
    })
    void twoBackupsMayNotClaimTheSame(String vm, String runDir, int port, String image, String said) throws Exception {
        Path first = backup("1", "a", "/r/a", 7001, "/i/a");
        Path second = backup("2", vm, runDir, port, image);
        assertThatThrownBy(() -> VmConfigs.backups(List.of(first, second)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(first + " and " + second + " both say " + said);
    }

    @Test
    void backupsThatLetTheHostChooseTheirPortsDoNotCollide() throws Exception {
        assertThat(VmConfigs.backups(List.of(backup("1", "a", "/r/a", 0, "/i/a"), backup("2", "b", "/r/b", 0, "/i/b"))))
                .hasSize(2);
    }

    @Test
    void oneThatIsUnsoundIsAnErrorForAll() throws Exception {
        Path sound = primary("a", "a", "/r/a", "/q/a");
        Path unsound = Files.writeString(folder.resolve("unsound.yaml"), "vn: x\n");
        assertThatThrownBy(() -> VmConfigs.primaries(List.of(sound, unsound)))
                .hasMessageContaining("unsound.yaml: unknown key 'vn'");
    }

    @Test
    void thereIsALimit() {
        List<Path> many = Collections.nCopies(VmConfigs.MAX_VMS + 1, folder);
        assertThatThrownBy(() -> VmConfigs.primaries(many)).hasMessageContaining("257 configurations for one process");
    }

    private Path primary(String name, String vm, String runDir, String qmp) throws IOException {
        return Files.writeString(
                folder.resolve(name + ".yaml"),
                "vm: " + vm + "\nhost: h\nrunDir: " + runDir + "\nfence: none\nqemu: {qmp: " + qmp
                        + "}\nbackup: {unsafePlaintext: true}\n");
    }

    private Path backup(String name, String vm, String runDir, int port, String image) throws IOException {
        return Files.writeString(
                folder.resolve(name + ".yaml"),
                "vm: " + vm + "\nhost: h\nrunDir: " + runDir + "\nlisten: '127.0.0.1:" + port
                        + "'\nunsafePlaintext: true\nimage: {directory: " + image
                        + "}\nstandby: {command: [qemu, '{qmp}', '{incoming}']}\n");
    }
}
