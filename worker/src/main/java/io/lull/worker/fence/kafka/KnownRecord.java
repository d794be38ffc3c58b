package io.lull.worker.fence.kafka;

import io.lull.policy.fence.FenceRecord;
import io.lull.schemas.topic.Topic;
import io.lull.worker.fence.FenceException;
import java.util.Optional;

/**
 * The newest record of a VM that this process knows of, against which the topic's is held: one that is older, or
 * another with the same number, has lost records. One thread at a time takes note; any may ask.
 */
final class KnownRecord {
    private final Topic topic;
    private volatile Optional<FenceRecord> record = Optional.empty();

    KnownRecord(Topic topic) {
        this.topic = topic;
    }

    /** Empty before the first was seen. */
    Optional<FenceRecord> record() {
        return record;
    }

    /** This one was written here. */
    void wrote(FenceRecord written) {
        record = Optional.of(written);
    }

    /**
     * Takes note of what the topic says, and returns it.
     *
     * @throws FenceException when that is older than what was known, or another in its place
     */
    Optional<FenceRecord> read(Optional<FenceRecord> newest) throws FenceException {
        long known = record.map(FenceRecord::term).orElse(0L);
        long term = newest.map(FenceRecord::term).orElse(0L);
        boolean isAnother = term == known && !newest.equals(record);
        if (term < known || isAnother) {
            throw new FenceException(
                    topic.name() + " has lost records: "
                            + record.orElseThrow().text() + " was there, and now "
                            + newest.map(FenceRecord::text).orElse("nothing") + " is; nothing is granted. Find out who"
                            + " runs the VM, and restart its workers",
                    false,
                    null);
        }
        record = newest;
        return newest;
    }
}
