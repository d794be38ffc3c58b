package io.lull.worker.cli;

import io.lull.worker.config.ConfigException;
import io.lull.worker.config.PrimaryConfig;
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

/** {@code lull primary}: protects running VMs until they power off or this process is told to end. */
@Command(name = "primary", description = "Protects running VMs: captures, ships, holds output until commit.")
final class PrimaryCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            required = true,
            description = "YAML file of a VM; once for each VM that this process is to protect."
                    + " `lull reference primary` shows all keys.")
    private List<Path> configs = new ArrayList<>();

    @Option(
            names = "--unsafe-no-fence",
            description = "asks no fence, whatever the files say. Only for two bare hosts, with the same at the backup")
    private boolean unsafeNoFence;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ConfigException, IOException, InterruptedException {
        List<PrimaryConfig> all = new ArrayList<>();
        for (PrimaryConfig read : VmConfigs.primaries(configs)) {
            all.add(unsafeNoFence ? read.unfenced() : read);
        }
        VmGroup group = new VmGroup(spec.commandLine().getErr());
        try (Termination termination = new Termination();
                PagePool pool = new PagePool(pageThreads(all), "lull-page")) {
            for (PrimaryConfig settings : all) {
                group.add(settings.vm(), new PrimaryStay(settings, Wirings.of(settings), pool));
            }
            termination.byCalling(group::stop);
            return group.run();
        }
    }

    private static int pageThreads(List<PrimaryConfig> all) {
        int cores = Runtime.getRuntime().availableProcessors();
        return PagePool.threadsFor(
                all.stream().mapToInt(vm -> vm.pipeline().threadsOn(cores)).toArray(), cores);
    }
}
