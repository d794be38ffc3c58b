package io.lull.worker.exporter;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.worker.status.StatusClient;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers of this host, as their folders tell: those that are named, and below others each folder with a status socket. A
 * worker that ended in good order takes its socket away and is none any more; of one that was killed the socket stays, and
 * nobody answers there.
 */
final class Workers implements AutoCloseable {
    /** More are left out, and counted. */
    static final int MOST_WORKERS = 256;

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final String SOCKET = "status.sock";
    private static final int ASKED_AT_ONCE = 16;
    /** One that takes longer has stopped, or its host has no core for it. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);
    /** All of them, so that Prometheus, which waits for 10 s if it isn't told otherwise, hears of those that answer. */
    private static final long ALL_LIMIT_MILLIS = 6_000;

    private final List<Path> runDirs;
    private final List<Path> parents;
    private final ExecutorService askers;
    /** Folders of which was said that nobody answers, or that they can't be read: once, until that changes. */
    private final Set<Path> silent = ConcurrentHashMap.newKeySet();

    /**
     * @param runDirs folders of workers that must be there
     * @param parents folders that have such folders in them
     */
    Workers(List<Path> runDirs, List<Path> parents) {
        this.runDirs = List.copyOf(runDirs);
        this.parents = List.copyOf(parents);
        this.askers = Executors.newFixedThreadPool(ASKED_AT_ONCE, task -> {
            Thread thread = new Thread(task, "lull-exporter-asks");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The folders in which there should be a worker now, each once. */
    List<Path> folders() {
        Collection<Path> all = new TreeSet<>(runDirs);
        for (Path parent : parents) {
            try (DirectoryStream<Path> children =
                    Files.newDirectoryStream(parent, child -> Files.exists(child.resolve(SOCKET)))) {
                children.forEach(all::add);
                silent.remove(parent);
            } catch (IOException | DirectoryIteratorException e) {
                if (silent.add(parent)) {
                    LOG.warn("workers below {} are not seen: {}", parent, e.toString());
                }
            }
        }
        silent.retainAll(Stream.concat(all.stream(), parents.stream()).toList());
        return List.copyOf(all);
    }

    /** Asks the workers in these folders, several at once. */
    List<WorkerStatus> ask(List<Path> folders) throws InterruptedException {
        List<Callable<JsonNode>> questions = new ArrayList<>();
        for (Path folder : folders) {
            questions.add(() -> StatusClient.read(folder.resolve(SOCKET), ANSWER_LIMIT));
        }
        List<Future<JsonNode>> answers = askers.invokeAll(questions, ALL_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        List<WorkerStatus> all = new ArrayList<>();
        for (int i = 0; i < folders.size(); i++) {
            all.add(new WorkerStatus(folders.get(i), document(folders.get(i), answers.get(i))));
        }
        return all;
    }

    private Optional<JsonNode> document(Path folder, Future<JsonNode> answer) throws InterruptedException {
        try {
            JsonNode document = answer.get();
            if (document.isObject()) {
                if (silent.remove(folder)) {
                    LOG.info("the worker in {} answers", folder);
                }
                return Optional.of(document);
            }
            notAnswered(folder, "what it says is no status");
        } catch (CancellationException e) {
            notAnswered(folder, "there was no time for it within " + ALL_LIMIT_MILLIS + " ms");
        } catch (ExecutionException e) {
            notAnswered(folder, String.valueOf(e.getCause()).replace('\n', ' '));
        }
        return Optional.empty();
    }

    private void notAnswered(Path folder, String why) {
        if (silent.add(folder)) {
            LOG.warn("the worker in {} doesn't answer: {}", folder, why);
        }
    }

    @Override
    public void close() {
        askers.shutdownNow();
    }
}
