package io.lull.worker.exporter;

import io.lull.worker.status.StatusClient;
import io.lull.worker.status.StatusSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Asks the workers of this host how they are, several at once, and for no longer than a scrape may take. */
final class Workers implements AutoCloseable {
    /** More are left out, and counted. */
    static final int MOST = 256;

    private static final int ASKED_AT_ONCE = 16;
    /** One that takes longer has stopped, or its host has no core for it. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);
    /** All of them, so that Prometheus, which waits for 10 s if it isn't told otherwise, hears of those that answer. */
    private static final long ALL_LIMIT_MILLIS = 6_000;

    private final FolderLog log;
    private final ExecutorService askers;

    Workers(FolderLog log) {
        this.log = log;
        this.askers = Executors.newFixedThreadPool(ASKED_AT_ONCE, task -> {
            Thread thread = new Thread(task, "lull-exporter-asks");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Asks those in the folders, in their order. */
    Answers ask(Folders.Found found) throws InterruptedException {
        List<Path> folders = found.folders().subList(0, Math.min(found.folders().size(), MOST));
        List<Callable<Optional<WorkerStatus>>> questions = new ArrayList<>();
        for (Path folder : folders) {
            // No more is kept of a document than what is told of it, however large it is.
            questions.add(() -> WorkerStatus.in(StatusClient.read(folder.resolve(StatusSocket.NAME), ANSWER_LIMIT)));
        }
        List<Future<Optional<WorkerStatus>>> futures =
                askers.invokeAll(questions, ALL_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        Map<Path, Optional<WorkerStatus>> answers = new LinkedHashMap<>();
        for (int i = 0; i < folders.size(); i++) {
            try {
                answers.put(folders.get(i), answer(folders.get(i), futures.get(i)));
            } catch (CancellationException notAsked) {
                log.amiss(folders.get(i), "was not asked: other workers took " + ALL_LIMIT_MILLIS + " ms to answer");
            }
        }
        return new Answers(answers, found.folders().size() - answers.size(), found.unreadParents());
    }

    private Optional<WorkerStatus> answer(Path folder, Future<Optional<WorkerStatus>> future)
            throws InterruptedException {
        try {
            Optional<WorkerStatus> status = future.get();
            if (status.isPresent()) {
                log.well(folder);
            } else {
                log.amiss(folder, "has a socket that answers with something else than a worker's status");
            }
            return status;
        } catch (ExecutionException e) {
            log.amiss(
                    folder,
                    "has no worker that answers (" + e.getCause()
                            + "): start it again, or, if the VM runs elsewhere, remove its " + StatusSocket.NAME);
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        askers.shutdownNow();
    }
}
