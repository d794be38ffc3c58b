package io.lull.worker.exporter;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is said in the log of a folder: once when something is amiss with it, and once when that is over. */
final class FolderLog {
    private static final Logger LOG = LoggerFactory.getLogger(FolderLog.class);

    private final Set<Path> amiss = new HashSet<>();

    synchronized void amiss(Path folder, String what) {
        if (amiss.add(folder)) {
            LOG.warn("{} {}", folder, what.replace('\n', ' '));
        }
    }

    synchronized void well(Path folder) {
        if (amiss.remove(folder)) {
            LOG.info("{} is as it should be again", folder);
        }
    }

    /** Forgets all but these. */
    synchronized void keep(Collection<Path> folders) {
        amiss.retainAll(folders);
    }
}
