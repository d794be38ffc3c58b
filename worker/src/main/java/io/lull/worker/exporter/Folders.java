package io.lull.worker.exporter;

import io.lull.worker.status.StatusSocket;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where workers have their folders: those that are named, and below others each folder with a status socket. A worker that ended
 * in good order takes its socket away and is none any more; of one that was killed the socket stays, and nobody answers
 * there.
 */
final class Folders {
    private final List<Path> named;
    private final List<Path> parents;
    private final FolderLog log;

    /**
     * @param named folders of workers that must be there
     * @param parents folders that have such folders in them
     */
    Folders(List<Path> named, List<Path> parents, FolderLog log) {
        this.named = List.copyOf(named);
        this.parents = List.copyOf(parents);
        this.log = log;
    }

    /**
     * Those that there are now.
     *
     * @param folders each once, those that are named first
     * @param unreadParents parents that can't be read
     */
    record Found(List<Path> folders, int unreadParents) {}

    Found look() {
        // By what labels show of them, which may be less than what tells two paths apart.
        Map<String, Path> all = new LinkedHashMap<>();
        named.forEach(folder -> all.putIfAbsent(folder.toString(), folder));
        Map<String, Path> below = new TreeMap<>();
        int unread = 0;
        for (Path parent : parents) {
            try {
                children(parent).forEach(child -> below.putIfAbsent(child.toString(), child));
                log.well(parent);
            } catch (IOException | DirectoryIteratorException e) {
                unread++;
                log.amiss(
                        parent,
                        "can't be looked into for workers (" + e
                                + "): make it, let this user read it, or name another with --below");
            }
        }
        below.forEach(all::putIfAbsent);
        log.keep(Stream.concat(all.values().stream(), parents.stream()).toList());
        return new Found(List.copyOf(all.values()), unread);
    }

    /** A folder of which can't be said whether it has a socket counts: its worker can't be asked, which is to be seen. */
    private static Collection<Path> children(Path parent) throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(
                parent, child -> Files.isDirectory(child) && !Files.notExists(child.resolve(StatusSocket.NAME)))) {
            Collection<Path> all = new ArrayList<>();
            children.forEach(all::add);
            return all;
        }
    }
}
