package io.lull.local.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.local.Await;
import io.lull.local.LocalStack;
import java.io.IOException;

/**
 * What a backup has counted of its own at one moment, over all epochs that it committed.
 *
 * @param epoch the newest of them
 * @param pageBytes their pages × page size
 * @param receivedBytes what they took on the wire
 */
record BackupCount(long epoch, long pageBytes, long receivedBytes) {
    private static final long COMMIT_LIMIT_MILLIS = 10_000;

    /** Asks the backup, once it has committed anything: it acknowledges an epoch before that is in its image. */
    static BackupCount of(LocalStack stack) throws IOException {
        Await.until("the backup has committed an epoch", COMMIT_LIMIT_MILLIS, () -> stack.statusOf("backup")
                .filter(status -> status.path("committedEpoch").isIntegralNumber())
                .isPresent());
        JsonNode status = stack.statusOf("backup").orElseThrow(() -> new IOException("the backup is silent"));
        return new BackupCount(
                number(status, "committedEpoch"), number(status, "receivedPageBytes"), number(status, "receivedBytes"));
    }

    private static long number(JsonNode status, String field) throws IOException {
        JsonNode value = status.path(field);
        if (!value.isIntegralNumber()) {
            throw new IOException("the backup's status has no number " + field + ": " + status);
        }
        return value.asLong();
    }
}
