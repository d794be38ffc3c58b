package io.lull.worker.backup;

import io.lull.producer.qemu.QemuQueries;
import io.lull.producer.qemu.QmpClient;
import io.lull.producer.qemu.QmpException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Standby QEMUs of an earlier process of a backup, which was killed while they started: nobody connects to their stream any more,
 * or tells them to run, and so they would wait for good.
 *
 * <p>One is found by its command line, which names its two sockets in the backup's folder. It is asked at its monitor, and ended only if it still
 * waits for its stream: then no VM ran in it. One that runs a VM, or could, stays, and so does one that doesn't say.
 */
final class OrphanedStandbys {
    private static final Logger log = LoggerFactory.getLogger(OrphanedStandbys.class);
    private static final String WAITS_FOR_STREAM = "inmigrate";
    /** It has its stream, and was not told to run; or it was, and then to stop. */
    private static final String STOPPED = "paused";

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);
    private static final long QUIT_LIMIT_SECONDS = 2;
    private static final long POLL_MILLIS = 5;

    private final Path directory;
    private final long startLimitNanos;
    private final Pattern incoming;
    private final Set<String> inUse = new HashSet<>();

    /** What came of asking one. */
    private enum Verdict {
        WAITS,
        OTHER,
        GONE
    }

    OrphanedStandbys(StandbyQemuOptions options) {
        this.directory = options.directory();
        this.startLimitNanos = options.startLimitNanos();
        this.incoming = Pattern.compile(
                Pattern.quote(directory + "/") + "(" + StandbyQemuOptions.NAME + "[0-9]+)\\.in(?![0-9a-z])");
    }

    /** Whether one that stays has this name. */
    boolean isInUse(String name) {
        return inUse.contains(name);
    }

    /** Ends those that wait; before this process starts any. */
    void end() throws InterruptedException {
        end(Set.of(WAITS_FOR_STREAM));
    }

    /** Ends those as well that wait for the word to run, which hold the disk; where it is known that none was told to. */
    void endLoaded() throws InterruptedException {
        end(Set.of(WAITS_FOR_STREAM, STOPPED));
    }

    private void end(Set<String> states) throws InterruptedException {
        List<ProcessHandle> all = ProcessHandle.allProcesses().toList();
        for (ProcessHandle process : all) {
            String command = commandLine(process);
            Matcher named = incoming.matcher(command);
            if (named.find() && command.contains(monitor(named.group(1)).toString())) {
                end(process, named.group(1), states);
            }
        }
    }

    private Path monitor(String name) {
        return directory.resolve(name + ".qmp");
    }

    /** Empty when the process is gone, or isn't ours to look at. */
    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(
                    Path.of("/proc", String.valueOf(process.pid()), "cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private void end(ProcessHandle process, String name, Set<String> states) throws InterruptedException {
        switch (ask(process, name, states)) {
            case WAITS -> {
                log.info("Standby QEMU {} of an earlier process waits for what won't come: ended", process.pid());
                awaitEnd(process);
            }
            case OTHER -> {
                inUse.add(name);
                log.error(
                        "QEMU {} of an earlier process, {} in {}, stays: it may have a VM. If none is to run in it, end it by hand",
                        process.pid(),
                        name,
                        directory);
            }
            case GONE -> log.debug("{} ended by itself", name);
        }
    }

    /** Tells one that waits to quit. Its monitor may have yet to come, if it has just been started. */
    private Verdict ask(ProcessHandle process, String name, Set<String> states) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + startLimitNanos;
        while (process.isAlive()) {
            try (QmpClient client = QmpClient.connect(monitor(name), event -> {}, ANSWER_LIMIT)) {
                if (!states.contains(new QemuQueries(client).status().status())) {
                    return Verdict.OTHER;
                }
                client.execute("quit");
                return Verdict.WAITS;
            } catch (QmpException e) {
                if (System.nanoTime() > deadlineNanos) {
                    log.warn("{} in {} can't be asked: {}", name, directory, e.getMessage());
                    return Verdict.OTHER;
                }
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return Verdict.GONE;
    }

    private static void awaitEnd(ProcessHandle process) throws InterruptedException {
        CompletableFuture<ProcessHandle> ended = process.onExit();
        try {
            ended.get(QUIT_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            process.destroyForcibly();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end of process " + process.pid() + " can't be awaited", e);
        }
    }
}
