package io.lull.worker.cli;

import io.lull.policy.VmId;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.schemas.topic.Topics;
import io.lull.worker.config.ConfigException;
import io.lull.worker.kafka.RecordingTails;
import io.lull.worker.record.RecordedCounts;
import io.lull.worker.record.Recorder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lull record}: writes the samples and epoch reports of a VM to a file, from now on. */
@Command(name = "record", description = "Records the samples and epoch reports of a VM in a file, from now on.")
final class RecordCommand implements Callable<Integer> {
    private static final int MAX_SECONDS = 24 * 3600;
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    @Option(names = "--bootstrap-servers", required = true, description = "host:port of Kafka, several with commas")
    private String bootstrapServers = "";

    @Option(names = "--client-properties", description = "file of further Kafka client settings, key=value")
    private Optional<Path> clientProperties = Optional.empty();

    @Option(names = "--vm", required = true, description = "the VM's name, as in its worker's configuration")
    private String vm = "";

    @Option(names = "--seconds", required = true, description = "for how long; Ctrl-C ends earlier and keeps the file")
    private int seconds = 1;

    @Option(names = "--wait", description = "seconds to wait for Kafka at the start; default ${DEFAULT-VALUE}")
    private int waitSeconds = 15;

    @Option(names = "--out", required = true, description = "the file, by custom NAME.lullrec; replaced at the end")
    private Path out = Path.of("");

    @Option(names = "--topic-prefix", description = "default ${DEFAULT-VALUE}")
    private String topicPrefix = Topics.DEFAULT.prefix();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ConfigException, IOException, InterruptedException {
        VmId id = Arguments.vm(vm);
        Topics topics = Arguments.topics(topicPrefix);
        KafkaConnection connection = Arguments.kafka(bootstrapServers, clientProperties);
        if (seconds < 1 || seconds > MAX_SECONDS) {
            throw new ConfigException("--seconds must be from 1 to " + MAX_SECONDS + ", is " + seconds);
        }
        if (waitSeconds < 1 || waitSeconds > MAX_SECONDS) {
            throw new ConfigException("--wait must be from 1 to " + MAX_SECONDS + ", is " + waitSeconds);
        }
        try (Termination termination = new Termination();
                Recorder recorder = new Recorder(out.toAbsolutePath());
                RecordingTails tails = new RecordingTails(connection, topics, id, InstantSource.system(), recorder)) {
            tails.start(Duration.ofSeconds(waitSeconds));
            Stop stop = new Stop();
            termination.byCalling(stop::ask);
            boolean full = follow(recorder, stop);
            RecordedCounts counts = recorder.counts();
            if (counts.samples() == 0) {
                throw new IOException("no samples of " + id + " on topic "
                        + topics.telemetry().name() + " at " + bootstrapServers + " in " + seconds
                        + " s: is the worker running, is the name right?");
            }
            err().println("recorded " + recorder.finish() + " in " + out
                    + (full ? "; ended early, at the limit of a recording" : ""));
            return 0;
        }
    }

    /** Says each second how far it is; true when a limit ended it before its time. */
    private boolean follow(Recorder recorder, Stop stop) throws InterruptedException {
        long beganNanos = System.nanoTime();
        for (int second = 1; second <= seconds && !stop.asked; second++) {
            long left = beganNanos + second * SECOND_NANOS - System.nanoTime();
            if (recorder.awaitFull(Math.max(0, left))) {
                return true;
            }
            err().println(second + " s: " + recorder.counts());
        }
        return false;
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Whether the process was told to end; seen within a second. */
    private static final class Stop {
        private volatile boolean asked;

        void ask() {
            asked = true;
        }
    }
}
