package io.lull.worker.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The configurations of the VMs that share a process: each is sound, and no two claim the same thing. */
public final class VmConfigs {
    /** Most VMs of a process. */
    public static final int MAX_VMS = 256;

    private final Map<String, Path> claims = new HashMap<>();

    private VmConfigs() {}

    /**
     * Reads the configurations of {@code lull primary}, in order.
     *
     * @throws ConfigException when one of them can't be used, or not beside another
     */
    public static List<PrimaryConfig> primaries(List<Path> files) throws ConfigException {
        VmConfigs together = new VmConfigs();
        List<PrimaryConfig> read = new ArrayList<>();
        for (Path file : bounded(files)) {
            PrimaryConfig config = ConfigLoader.primary(file);
            together.claim(file, "vm", config.vm());
            together.claim(file, "runDir", path(config.runDir()));
            together.claim(file, "qemu.qmp", config.qemu().qmp());
            if (config.network().gate() == GateChoice.PLUG && config.network().used()) {
                together.claim(file, "network.tap", config.network().tap());
                together.claim(file, "network.ifb", config.network().ifb());
            }
            read.add(config);
        }
        return read;
    }

    /**
     * Reads the configurations of {@code lull backup}, in order.
     *
     * @throws ConfigException when one of them can't be used, or not beside another
     */
    public static List<BackupConfig> backups(List<Path> files) throws ConfigException {
        VmConfigs together = new VmConfigs();
        List<BackupConfig> read = new ArrayList<>();
        for (Path file : bounded(files)) {
            BackupConfig config = ConfigLoader.backup(file);
            together.claim(file, "vm", config.vm());
            together.claim(file, "runDir", path(config.runDir()));
            together.claim(file, "image.directory", path(Path.of(config.image().directory())));
            if (config.listenAddress().getPort() != 0) {
                together.claim(file, "listen", config.listenAddress().toString());
            }
            if (config.disk().used()) {
                together.claim(file, "disk.file", path(Path.of(config.disk().file())));
            }
            read.add(config);
        }
        return read;
    }

    private static List<Path> bounded(List<Path> files) throws ConfigException {
        if (files.size() > MAX_VMS) {
            throw new ConfigException(files.size() + " configurations for one process, at most " + MAX_VMS
                    + ": start another for the rest");
        }
        return files;
    }

    private static String path(Path path) {
        return path.toAbsolutePath().normalize().toString();
    }

    private void claim(Path file, String key, String value) throws ConfigException {
        Path other = claims.putIfAbsent(key + " " + value, file);
        if (other != null) {
            throw new ConfigException(other + " and " + file + " both say " + key + ": " + value
                    + "; each VM of a process needs its own");
        }
    }
}
