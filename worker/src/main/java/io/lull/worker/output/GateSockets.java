package io.lull.worker.output;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where QEMU listens for the gate.
 *
 * @param out gives the frames that the guest sends
 * @param in takes them back, towards the network
 * @param mirror gives a copy of each frame towards the guest, if there is one
 */
public record GateSockets(Path out, Path in, Optional<Path> mirror) {}
