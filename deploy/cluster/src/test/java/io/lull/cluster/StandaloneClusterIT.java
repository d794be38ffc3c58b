package io.lull.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.trigger.CommandFilter.Verdict;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job on processes of their own that are killed, rescaled and replaced under load. After each, the commands that it
 * sent and what it knows of each VM must be what an undisturbed job makes of the same samples.
 */
class StandaloneClusterIT {
    private static final int VMS = 20;
    private static final long SEED = 20261128;

    /** As in conf/lull.properties. */
    private static final long LEASE_MICROS = 30_000_000;

    private static final long WHILE_MILLIS = 3_000;

    @TempDir
    private static Path folder;

    private static Cluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start(folder, 2);
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @Test
    void aKilledTaskManagerIsReplacedByTheOther() throws Exception {
        try (TrialJob job = TrialJob.start(cluster, "tm", 2);
                SimulatedHosts hosts = new SimulatedHosts(job.topics(), VMS, SEED)) {
            settle(job, hosts);
            String victim = cluster.taskManagerOf(job.id());

            cluster.kill(victim);
            hosts.awaitNewPlans();
            cluster.run("start", victim);
            Thread.sleep(WHILE_MILLIS);

            assertAsUndisturbed("kill -9 of a TaskManager", job, hosts, true);
        }
    }

    @Test
    void aKilledJobManagerComesBackWithItsJobs() throws Exception {
        try (TrialJob job = TrialJob.start(cluster, "jm", 2);
                SimulatedHosts hosts = new SimulatedHosts(job.topics(), VMS, SEED)) {
            settle(job, hosts);

            cluster.kill("jobmanager");
            cluster.run("start", "jobmanager");
            Await.until("the job to run again", () -> cluster.runsAt(job.id(), 2));
            hosts.awaitNewPlans();
            Thread.sleep(WHILE_MILLIS);

            assertAsUndisturbed("kill -9 of the JobManager", job, hosts, true);
        }
    }

    @Test
    void aRunningJobIsRescaled() throws Exception {
        try (TrialJob job = TrialJob.start(cluster, "scale", 1);
                SimulatedHosts hosts = new SimulatedHosts(job.topics(), VMS, SEED)) {
            settle(job, hosts);

            for (int parallelism : new int[] {2, 4}) {
                cluster.run("rescale", job.id(), Integer.toString(parallelism));
                Await.until("the job to run at " + parallelism, () -> cluster.runsAt(job.id(), parallelism));
                hosts.awaitNewPlans();
                Thread.sleep(WHILE_MILLIS);
            }

            assertAsUndisturbed("rescale 1 -> 2 -> 4", job, hosts, false);
        }
    }

    @Test
    void aNewVersionTakesOverFromASavepointAndTheOldOneBackFromItsSavepoint() throws Exception {
        Path next = NextVersion.build(folder.resolve("next.jar"));
        try (TrialJob job = TrialJob.start(cluster, "up", 2);
                SimulatedHosts hosts = new SimulatedHosts(job.topics(), VMS, SEED)) {
            settle(job, hosts);

            job.submit("--parallelism", "2", "--jar", next.toString(), "--from", job.stop());
            hosts.awaitNewPlans();
            Thread.sleep(WHILE_MILLIS);
            String ofNext = job.stop();
            job.submit("--parallelism", "2", "--from", ofNext);
            hosts.awaitNewPlans();
            Thread.sleep(WHILE_MILLIS);

            assertThat(contents(ofNext)).anyMatch(file -> file.contains(NextVersion.NEW_FIELD));
            assertAsUndisturbed("savepoint -> upgrade -> savepoint -> rollback", job, hosts, false);
        }
    }

    @Test
    void withoutTheHighAvailabilityDataTheJobGoesOnFromItsNewestFlinkCheckpoint() throws Exception {
        try (TrialJob job = TrialJob.start(cluster, "lost", 2);
                SimulatedHosts hosts = new SimulatedHosts(job.topics(), VMS, SEED)) {
            settle(job, hosts);

            cluster.kill("jobmanager");
            cluster.kill("zookeeper");
            Deletion.ofTree(cluster.folder().resolve("zookeeper"));
            Deletion.ofTree(cluster.folder().resolve("ha"));
            cluster.run("start", "zookeeper");
            cluster.run("start", "jobmanager");
            // One that has watched a ZooKeeper which forgot everything does not always find the new leader there.
            for (String taskManager : List.of("taskmanager-1", "taskmanager-2")) {
                cluster.kill(taskManager);
                cluster.run("start", taskManager);
            }
            Await.until("two TaskManagers", () -> cluster.taskManagers() == 2);
            job.submit("--parallelism", "2", "--from", cluster.run("latest", job.id()));
            hosts.awaitNewPlans();
            Thread.sleep(WHILE_MILLIS);

            assertAsUndisturbed("loss of the high-availability data", job, hosts, true);
        }
    }

    @Test
    void prometheusIsAnsweredWithTheJobsMetrics() throws Exception {
        try (TrialJob job = TrialJob.start(cluster, "prom", 1)) {
            Await.until("a counter of the commands that the job sent", () -> !cluster.metricsPage(
                            line -> line.startsWith("flink_taskmanager_job_task_operator_commands{")
                                    && line.contains("job_name=\"lull_checkpoint_scheduling\"")
                                    && !line.endsWith(" 0.0"))
                    .isEmpty());
        }
    }

    @Test
    void everyProcessListensOnLoopbackAlone() throws Exception {
        Set<Long> pids = new HashSet<>();
        for (String name : cluster.processes()) {
            pids.add(cluster.pid(name));
        }

        assertThat(Sockets.listening(pids))
                .hasSizeGreaterThan(pids.size())
                .allMatch(address -> address.startsWith("127.0.0.1:") || address.startsWith("[::ffff:127.0.0.1]:"));
    }

    /** Load for a while, and Flink checkpoints to go back to. */
    private static void settle(TrialJob job, SimulatedHosts hosts) throws Exception {
        hosts.awaitNewPlans();
        Await.until("Flink checkpoints", () -> cluster.flinkCheckpoints(job.id()) >= 2);
        Thread.sleep(WHILE_MILLIS);
    }

    private static List<String> contents(String savepoint) throws Exception {
        List<String> contents = new ArrayList<>();
        try (var files = Files.list(Path.of(URI.create(savepoint)))) {
            for (Path file : files.toList()) {
                contents.add(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return contents;
    }

    private static void assertAsUndisturbed(String what, TrialJob job, SimulatedHosts hosts, boolean failed)
            throws Exception {
        List<SimulatedHosts.Sent> sent = hosts.stop();
        TrialJob.Results results = job.finish(sent);
        TrialJob.Results calm;
        try (TrialJob undisturbed =
                TrialJob.start(cluster, job.topics().topics().prefix() + "-calm", 1)) {
            undisturbed.replay(sent);
            calm = undisturbed.finish(sent);
        }
        System.out.printf(
                "%s: %d samples, %d commands that were due, %d repeats; between two plans of a VM at most %.1f s,"
                        + " without a valid plan at most %.1f s%n",
                what,
                sent.size(),
                calm.ends().size(),
                results.repeats(),
                hosts.longestBetweenPlansMicros() / 1e6,
                hosts.longestUnplannedMicros() / 1e6);
        assertThat(calm.ends()).as("commands that are due").hasSizeGreaterThan(10 * VMS);
        assertThat(results.ends()).as("commands sent").isEqualTo(calm.ends());
        assertThat(hosts.endedByCommand())
                .as("epochs ended by a command")
                .isBetween(1, calm.ends().size());
        assertThat(hosts.endedTwice()).as("epochs ended twice").isZero();
        if (failed) {
            assertThat(results.repeats())
                    .as("commands repeated after a failure")
                    .isPositive();
            assertThat(hosts.count(Verdict.OTHER_EPOCH) + hosts.count(Verdict.EXPIRED))
                    .as("commands refused by the worker's filter")
                    .isGreaterThanOrEqualTo(results.repeats());
        }
        assertThat(results.states())
                .as("each VM's state at the end")
                .hasSize(VMS)
                .isEqualTo(calm.states());
        assertThat(hosts.longestUnplannedMicros())
                .as("longest time of a VM without a valid plan")
                .isLessThanOrEqualTo(LEASE_MICROS);
    }
}
