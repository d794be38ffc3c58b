package io.lull.policy.fence;

import java.util.Optional;

/**
 * What becomes of a claim.
 *
 * @param granted whether it was granted
 * @param record what stands: when granted what was asked for, else what is in its way; empty when that is nothing
 * @param isNew whether the record has to be written for the claim to be granted
 * @param reason why, in one line
 */
public record FenceRuling(boolean granted, Optional<FenceRecord> record, boolean isNew, String reason) {
    public FenceRuling {
        if (isNew && !(granted && record.isPresent())) {
            throw new IllegalArgumentException("only what is granted is written");
        }
    }
}
