package io.lull.bench.faults.plan;

import java.util.List;

/**
 * What one VM is going to live through, from its first protected epoch on.
 *
 * @param number in its campaign
 * @param faults one after the other, each once the VM is protected again; none comes after the VM has moved
 * @param hostLoss when QEMU and worker of a VM that has not moved are killed at once
 */
public record Life(long number, List<PlannedFault> faults, Aim hostLoss) {
    public Life {
        faults = List.copyOf(faults);
        if (faults.isEmpty()) {
            throw new IllegalArgumentException("life " + number + " has no fault");
        }
    }
}
