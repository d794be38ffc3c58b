package io.lull.worker.primary;

/**
 * How a switchover went.
 *
 * @param epoch the VM's last on this host, and what it runs from on the other
 * @param standstillNanos from the guest's pause here until the word that it runs there, as seen from here
 * @param answer what the backup said
 */
public record SwitchoverReport(long epoch, long standstillNanos, String answer) {}
