package io.lull.bench.faults.scene;

import io.lull.local.Await;
import io.lull.local.Jvm;
import io.lull.local.ManagedProcess;
import io.lull.local.kafka.ControlAccess;
import io.lull.local.kafka.ControlPlane;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Kafka and Flink as a process each, for all lives of a campaign; either can be killed and started again. */
public final class ControlProcesses implements AutoCloseable {
    static final String READY = "LULL-READY";

    private static final long READY_LIMIT_MILLIS = 120_000;

    private final Path folder;
    private final int port;
    private final Path preload;
    private final ShiftedClock brokerClock;
    private final ShiftedClock jobClock;
    private final ControlAccess access;
    private ManagedProcess broker;
    private ManagedProcess job;
    private int starts;

    /**
     * Starts both; returns when the job runs.
     *
     * @param root the repository
     */
    public ControlProcesses(Path root, Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.port = freePort();
        this.preload = ShiftedClock.buildPreload(root, folder);
        this.brokerClock = new ShiftedClock(preload, folder.resolve("broker.clock"));
        this.jobClock = new ShiftedClock(preload, folder.resolve("job.clock"));
        this.broker = startBroker();
        try {
            ControlPlane.createTopics(bootstrap());
            this.job = startJob();
            this.access = new ControlAccess(bootstrap());
        } catch (IOException | RuntimeException e) {
            broker.close();
            throw e;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private String bootstrap() {
        return "127.0.0.1:" + port;
    }

    private ManagedProcess startBroker() throws IOException {
        Path data = folder.resolve("kafka");
        return start("broker", brokerClock, List.of(BrokerMain.class.getName(), data.toString(), String.valueOf(port)));
    }

    private ManagedProcess startJob() throws IOException {
        Path own = folder.resolve("flink-" + starts);
        return start("job", jobClock, List.of(JobMain.class.getName(), own.toString(), bootstrap()));
    }

    private ManagedProcess start(String name, ShiftedClock clock, List<String> mainAndArguments) throws IOException {
        Path log = folder.resolve(name + "-" + starts++ + ".log");
        ManagedProcess process = ManagedProcess.start(name, clock.command(Jvm.control(mainAndArguments)), log);
        try {
            Await.until(name + " is ready; its log: " + log, READY_LIMIT_MILLIS, () -> {
                if (!process.alive()) {
                    throw new IOException(name + " ended: " + process.tail(5));
                }
                return Files.readString(log).contains(READY);
            });
            return process;
        } catch (IOException e) {
            process.close();
            throw e;
        }
    }

    /** The way in, also while one of them is away. */
    public ControlAccess access() {
        return access;
    }

    ShiftedClock brokerClock() {
        return brokerClock;
    }

    ShiftedClock jobClock() {
        return jobClock;
    }

    /** Clocks of a VM's own hosts, which are right. */
    HostClocks hostClocks() throws IOException {
        return new HostClocks(
                new ShiftedClock(preload, folder.resolve("primary.clock")),
                new ShiftedClock(preload, folder.resolve("backup.clock")));
    }

    /** The clocks of a VM's hosts. */
    record HostClocks(ShiftedClock primary, ShiftedClock backup) {
        List<String> command(String run, List<String> command) {
            return run.equals("primary") ? primary.command(command) : backup.command(command);
        }
    }

    /** The next VM finds broker and job with the right time, whatever befell the last one. */
    void rightClocks() throws IOException {
        brokerClock.setOffBy(0);
        jobClock.setOffBy(0);
    }

    ManagedProcess broker() {
        return broker;
    }

    /** Flink with the job. */
    ManagedProcess job() {
        return job;
    }

    /** Starts the broker again; returns when it takes requests. */
    public void restartBroker() throws IOException {
        broker = startBroker();
    }

    /** Starts Flink and the job again, from nothing; returns when it runs. */
    public void restartJob() throws IOException {
        job = startJob();
    }

    @Override
    public void close() {
        access.close();
        job.close();
        broker.close();
    }
}
