package io.lull.worker.backup;

import io.lull.policy.fence.FenceRecord;
import io.lull.policy.fence.FenceState;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A takeover as the fence recorded it, and what has become of the VM since.
 *
 * @param taker the backup process that took the VM, and since then the run of that VM
 * @param term of the record
 */
record Taking(UUID taker, long term) {
    private static final Pattern TEXT = Pattern.compile(
            "^taken by ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}), term ([0-9]{1,18})$", Pattern.MULTILINE);

    /** Of the record of a takeover; empty for any other. */
    static Optional<Taking> of(FenceRecord record) {
        return record.taker().map(taker -> new Taking(taker, record.term()));
    }

    /** One line, which {@link #in} finds again. */
    String text() {
        return "taken by " + taker + ", term " + term + "\n";
    }

    /** What a text says of a takeover; empty when it says nothing. */
    static Optional<Taking> in(String text) {
        Matcher line = TEXT.matcher(text);
        return line.find()
                ? Optional.of(new Taking(UUID.fromString(line.group(1)), Long.parseLong(line.group(2))))
                : Optional.empty();
    }

    /**
     * Who has the VM by now, when that is somebody else: what this takeover left on its host is of no more use then. Empty
     * while the VM is the taker's, or nobody's, or when the fence has forgotten the takeover.
     */
    Optional<String> successor(Optional<FenceRecord> newest) {
        return newest.filter(record -> record.term() > term)
                .filter(record -> record.state() != FenceState.FREE)
                .filter(record -> !holder(record).equals(Optional.of(taker)))
                .map(FenceRecord::text);
    }

    private static Optional<UUID> holder(FenceRecord record) {
        return record.taker().or(record::run);
    }
}
