package io.lull.worker.backup;

import io.lull.worker.wire.Wiring;
import java.util.Optional;

/**
 * What a backup works with.
 *
 * @param wiring how connections are protected, and who may connect
 * @param launcher starts standby processes; without one nothing can take over
 * @param standby how they are kept
 * @param fence decides who may run the VM; none is enough while primaries hold their output without a backup
 * @param listener told what happens
 */
public record BackupParts(
        Wiring wiring,
        Optional<StandbyLauncher> launcher,
        StandbyOptions standby,
        Optional<FenceSeat> fence,
        BackupListener listener) {}
