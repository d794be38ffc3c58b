package io.lull.worker.exporter;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What came of asking the workers of a host.
 *
 * @param workers of each folder what its worker said; empty when nobody answered
 * @param leftOut workers that were not asked: there were too many, or others took too long
 * @param unreadParents folders that should have workers' folders in them and can't be read
 */
record Answers(Map<Path, Optional<WorkerStatus>> workers, int leftOut, int unreadParents) {}
