package io.lull.worker.record;

/**
 * How far a recording has come.
 *
 * @param writtenBytes size of the file so far; the newest entries wait in memory until a block is full
 * @param rejected records on the topics that could not be read
 */
public record RecordedCounts(long samples, long reports, long writtenBytes, long rejected) {
    @Override
    public String toString() {
        String text = samples + " samples, " + reports + " reports, " + writtenBytes + " bytes";
        return rejected == 0 ? text : text + ", " + rejected + " unreadable records left out";
    }
}
