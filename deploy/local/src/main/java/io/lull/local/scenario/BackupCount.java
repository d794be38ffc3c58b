package io.lull.local.scenario;

import com.fasterxml.jackson.databind.JsonNode;
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
    /** Asks the backup now. */
    static BackupCount of(LocalStack stack) throws IOException {
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
