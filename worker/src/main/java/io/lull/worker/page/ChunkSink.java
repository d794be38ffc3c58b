package io.lull.worker.page;

/** Where the encoded chunks of a checkpoint go. */
@FunctionalInterface
public interface ChunkSink {
    /**
     * Takes one chunk. Called from several worker threads at once, in no order; the payload's memory is reused as soon
     * as the call returns. Whatever it throws ends the pipeline, since the shadow is then ahead of the backup.
     */
    void accept(EncodedChunk chunk);
}
