package io.lull.policy;

/**
 * Ends an epoch at a number of dirty pages.
 *
 * @param maxDirtyPages counted or predicted; at least 1
 */
public record DirtyRule(long maxDirtyPages) {
    public DirtyRule {
        Checks.positive("maxDirtyPages", maxDirtyPages);
    }
}
