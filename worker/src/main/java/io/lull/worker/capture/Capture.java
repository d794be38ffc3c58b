package io.lull.worker.capture;

import io.lull.policy.signal.EpochReport.Pause;

/**
 * One captured checkpoint and the monotonic times of its pause.
 *
 * @param pages its dirty pages, and its device state as pages of the layout's last block
 * @param ramPages how many of them are the guest's
 * @param deviceStateBytes length of the device state
 * @param repliedAtNanos the order to pause was given
 * @param pausedAtNanos QEMU said that the guest is paused
 * @param ramReadAtNanos the last dirty page was staged
 * @param stateReadAtNanos the last byte of the device state was read
 * @param resumedAtNanos the order to resume was given, or carried out where that can be told
 * @param readingNanos how much of the time from {@code pausedAtNanos} on was spent waiting for QEMU, the kernel's
 *     copies of what it sends included
 */
public record Capture(
        StagingArea pages,
        int ramPages,
        int deviceStateBytes,
        long repliedAtNanos,
        long pausedAtNanos,
        long ramReadAtNanos,
        long stateReadAtNanos,
        long resumedAtNanos,
        long readingNanos) {

    /** The pause in its parts. */
    public Pause pause() {
        return new Pause(
                Math.max(0, pausedAtNanos - repliedAtNanos),
                ramReadAtNanos - pausedAtNanos,
                stateReadAtNanos - ramReadAtNanos,
                resumedAtNanos - stateReadAtNanos,
                resumedAtNanos - pausedAtNanos - readingNanos);
    }
}
