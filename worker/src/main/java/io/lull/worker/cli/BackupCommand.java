package io.lull.worker.cli;

import io.lull.worker.config.BackupConfig;
import io.lull.worker.config.ConfigException;
import io.lull.worker.config.VmConfigs;
import io.lull.worker.config.Wirings;
import io.lull.worker.page.PagePool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lull backup}: holds the copies of VMs and takes over those whose primary is lost. Runs until told to end. */
@Command(name = "backup", description = "Holds the copies of VMs; takes over when a primary is lost.")
final class BackupCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            required = true,
            description = "YAML file of a VM; once for each VM that this process is to be the backup of, each with an"
                    + " address of its own. `lull reference backup` shows all keys.")
    private List<Path> configs = new ArrayList<>();

    @Option(
            names = "--unsafe-no-fence",
            description = "asks no fence and takes over whatever the primary does, whatever the files say. Only for two"
                    + " bare hosts: when these lose each other but not their clients, two VMs answer")
    private boolean unsafeNoFence;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ConfigException, IOException, InterruptedException {
        VmGroup group = new VmGroup(spec.commandLine().getErr());
        List<BackupConfig> all = VmConfigs.backups(configs);
        int cores = Math.min(PagePool.MAX_THREADS, Runtime.getRuntime().availableProcessors());
        try (Termination termination = new Termination();
                PagePool pool = new PagePool(cores, "lull-backup-page")) {
            for (BackupConfig read : all) {
                BackupConfig settings = unsafeNoFence ? read.unfenced() : read;
                group.add(settings.vm(), new BackupStay(settings, Wirings.of(settings), pool));
            }
            termination.byCalling(group::stop);
            return group.run();
        }
    }
}
