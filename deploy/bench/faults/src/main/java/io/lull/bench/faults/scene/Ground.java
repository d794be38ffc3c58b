package io.lull.bench.faults.scene;

import io.lull.local.WarmGuest;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the lives of a campaign that come one after the other have in common.
 *
 * @param root the repository
 * @param control their broker and job
 * @param guest from which each goes on; empty when each boots its own
 * @param guard what keeps two sides from speaking
 */
public record Ground(Path root, ControlProcesses control, Optional<WarmGuest> guest, Scene.Guard guard) {}
