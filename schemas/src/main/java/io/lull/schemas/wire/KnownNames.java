package io.lull.schemas.wire;

import io.lull.policy.VmId;

/**
 * The names of VMs and hosts that came lately, for all threads of the process. A sample's names are read where it comes in
 * and once more behind a hop between two tasks; from one cache the second reader has what the first has just looked at,
 * where a cache of its own would be as many misses of the processor's caches again.
 */
public final class KnownNames {
    /** Of VMs. */
    public static final NameCache<VmId> VMS = new NameCache<>(VmId::new, VmId::value);

    /** Of hosts. */
    public static final NameCache<String> HOSTS = new NameCache<>(host -> host, host -> host);

    private KnownNames() {}
}
