package io.lull.worker.record;

import io.lull.policy.Checks;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;
import io.lull.schemas.file.RecordingFile;
import io.lull.schemas.file.RecordingWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Puts what comes of one VM into a recording until a limit is reached. It writes beside the file and moves it into
 * place at the end, so that a file under its own name is always whole. Safe for use by several threads.
 */
public final class Recorder implements Closeable {
    /** Recording ends here, some blocks before the reader's limit. */
    private static final long MAX_BYTES = RecordingFile.MAX_FILE_BYTES - (8L << 20);

    private final Path file;
    private final Path part;
    private final long maxEntries;
    private final RecordingWriter writer;
    private final CountDownLatch full = new CountDownLatch(1);
    private long samples;
    private long reports;
    private long rejected;
    private boolean ended;
    private Optional<IOException> failure = Optional.empty();

    /** Begins a recording of at most {@link RecordingFile#MAX_ENTRIES}. */
    public Recorder(Path file) throws IOException {
        this(file, RecordingFile.MAX_ENTRIES);
    }

    Recorder(Path file, long maxEntries) throws IOException {
        this.file = file;
        this.part = file.resolveSibling(file.getFileName() + ".part");
        this.maxEntries = Checks.positive("maxEntries", maxEntries);
        this.writer = new RecordingWriter(part);
    }

    /** Takes a sample; does nothing once a limit is reached. */
    public synchronized void take(VmSample sample) {
        if (isOpen()) {
            samples++;
            writing(() -> writer.append(sample));
        }
    }

    /** Takes a report; does nothing once a limit is reached. */
    public synchronized void take(EpochReport report) {
        if (isOpen()) {
            reports++;
            writing(() -> writer.append(report));
        }
    }

    /** Counts a record that could not be read. */
    public synchronized void rejected() {
        rejected++;
    }

    public synchronized RecordedCounts counts() {
        return new RecordedCounts(samples, reports, writer.writtenBytes(), rejected);
    }

    /** Waits until a limit is reached or writing has failed; whether that came in time. */
    public boolean awaitFull(long nanos) throws InterruptedException {
        return full.await(nanos, TimeUnit.NANOSECONDS);
    }

    /** Ends the recording and moves it into place. */
    public synchronized RecordedCounts finish() throws IOException {
        if (failure.isPresent()) {
            throw failure.get();
        }
        writer.close();
        ended = true;
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        return counts();
    }

    /** Drops the recording unless it has been finished. */
    @Override
    public synchronized void close() throws IOException {
        if (!ended) {
            ended = true;
            writer.close();
            Files.deleteIfExists(part);
        }
    }

    private boolean isOpen() {
        return !ended && full.getCount() > 0;
    }

    private void writing(Writing write) {
        try {
            write.run();
        } catch (IOException e) {
            failure = Optional.of(e);
            full.countDown();
        }
        if (samples + reports >= maxEntries || writer.writtenBytes() >= MAX_BYTES) {
            full.countDown();
        }
    }

    private interface Writing {
        void run() throws IOException;
    }
}
