package io.lull.worker.cli;

import io.lull.worker.config.ConfigException;
import io.lull.worker.exporter.Exporter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lull exporter}: serves what the workers of this host say of themselves to Prometheus, until it is ended. */
@Command(name = "exporter", description = "Serves the state of the workers on this host to Prometheus.")
final class ExporterCommand implements Callable<Integer> {
    @Option(names = "--listen", description = "host:port; default ${DEFAULT-VALUE}")
    private String listen = "127.0.0.1:9251";

    @Option(names = "--below", description = "folder in which workers have their runDirs; several times for several")
    private List<Path> below = new ArrayList<>();

    @Parameters(arity = "0..*", description = "runDirs of workers that must be there")
    private List<Path> runDirs = new ArrayList<>();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ConfigException, IOException, InterruptedException {
        InetSocketAddress address = Arguments.address("--listen", listen);
        if (runDirs.isEmpty() && below.isEmpty()) {
            throw new ConfigException("give --below FOLDER, or the runDir of a worker");
        }
        boundStrangers();
        try (Termination termination = new Termination();
                Exporter exporter = new Exporter(address, absolute(runDirs), absolute(below), System::nanoTime)) {
            Stop stop = new Stop();
            termination.byCalling(stop::ask);
            spec.commandLine()
                    .getErr()
                    .println("serves http://" + exporter.address().getHostString() + ":"
                            + exporter.address().getPort() + "/metrics");
            stop.await();
            return 0;
        }
    }

    /** Java's HTTP server would wait a minute for a request that was begun, with one of few threads. */
    private static void boundStrangers() {
        System.setProperty("sun.net.httpserver.maxReqTime", "5");
        System.setProperty("sun.net.httpserver.maxRspTime", "15");
    }

    /** Each path once, however it is written. */
    private static List<Path> absolute(List<Path> paths) {
        return paths.stream().map(path -> path.toAbsolutePath().normalize()).toList();
    }
}
