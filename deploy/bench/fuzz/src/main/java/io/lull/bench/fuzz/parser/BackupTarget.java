package io.lull.bench.fuzz.parser;

import io.lull.worker.backup.BackupOnBytes;
import io.lull.worker.backup.SmallVm;
import io.lull.worker.page.ChunkCodec;
import io.lull.worker.protocol.Bye;
import io.lull.worker.protocol.Digest;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.ProtocolException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A backup's side of a connection: frames, chunks of pages, disk records, redo log, commit into the image. */
final class BackupTarget implements Target {
    /** How far a record may be ahead of those that have come. */
    private static final int MOST_RECORDS_AHEAD = 1 << 18;

    /** Each of the open epochs keeps an index of all records up to the last: 17 bytes each in four arrays, which double. */
    private static final long EPOCH_INDEX_BYTES = 2L * 17 * MOST_RECORDS_AHEAD;

    private static final int OPEN_EPOCHS = 4;
    private static final Bounds BOUNDS = new Bounds(OPEN_EPOCHS * EPOCH_INDEX_BYTES + (4 << 20), 200);
    private static final int CONVERSATIONS = 24;

    private final BackupOnBytes backup;
    private final SmallVm vm = new SmallVm(1);
    private long epoch = 1_000_000;

    BackupTarget(Path folder) throws IOException {
        this.backup = new BackupOnBytes(folder);
    }

    @Override
    public List<Conversation> corpus() {
        List<Conversation> corpus = new ArrayList<>();
        try (SmallVm small = new SmallVm(2)) {
            for (int i = 0; i < CONVERSATIONS; i++) {
                corpus.add(FrameSeal.conversation(session(small, i)));
            }
        }
        return corpus;
    }

    private static List<Frame> session(SmallVm small, int number) {
        ChunkCodec[] codecs = ChunkCodec.values();
        List<Frame> frames = new ArrayList<>(small.greeting(1));
        List<Frame> first = small.epoch(1, codecs[number % codecs.length]);
        List<Frame> second = small.epoch(2, codecs[number / codecs.length % codecs.length]);
        if (number % 4 == 3) {
            // Two epochs at once: the second begins before the first has ended.
            frames.addAll(first.subList(0, first.size() - 1));
            frames.addAll(second.subList(0, 2));
            frames.add(first.get(first.size() - 1));
            frames.addAll(second.subList(2, second.size()));
        } else {
            frames.addAll(first);
            frames.addAll(number % 2 == 0 ? second : List.of());
        }
        if (number % 3 == 0) {
            frames.add(new Digest(List.of(new Digest.Range(0, 3, 1, 2))).frame(2));
        }
        if (number % 5 == 0) {
            frames.add(Frame.control(FrameType.HEARTBEAT, 0));
            frames.add(new Bye("done").frame());
        }
        return frames;
    }

    @Override
    public Conversation sealed(Conversation mutated) {
        return FrameSeal.sealed(mutated);
    }

    @Override
    public void run(byte[] input) throws Exception {
        try {
            backup.take(new InputChannel(input));
        } finally {
            if (backup.redoBytes() != 0) {
                throw new IllegalStateException("the redo log keeps " + backup.redoBytes() + " bytes of nobody's");
            }
        }
    }

    @Override
    public boolean refuses(Throwable thrown) {
        return thrown instanceof ProtocolException || thrown instanceof EOFException;
    }

    @Override
    public Bounds bounds() {
        return BOUNDS;
    }

    @Override
    public void checkUnharmed() throws Exception {
        long before = backup.commits();
        List<Frame> frames = new ArrayList<>(vm.greeting(epoch));
        ChunkCodec codec = ChunkCodec.values()[(int) (epoch % ChunkCodec.values().length)];
        frames.addAll(vm.whole(epoch, codec));
        frames.addAll(vm.epoch(epoch + 1, codec));
        epoch += 2;
        backup.take(new InputChannel(FrameSeal.conversation(frames).bytes()));
        if (backup.commits() != before + 2
                || !Arrays.equals(backup.image(), vm.image())
                || !Arrays.equals(backup.disk(), vm.disk())) {
            throw new IllegalStateException("a good primary's epochs are not what the backup holds");
        }
    }

    @Override
    public void close() throws IOException {
        vm.close();
        backup.close();
    }
}
