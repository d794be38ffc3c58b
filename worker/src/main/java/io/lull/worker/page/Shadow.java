package io.lull.worker.page;

import java.util.Arrays;
import java.util.Optional;

/**
 * What the primary knows of the backup's image: the content of each page as it was last sent, where it is known.
 *
 * <p>Where it is not known, after the start or a lost connection, the backup's table of page hashes can stand in. The
 * table describes the same VM, its seed is secret and a hash has 128 bits, so equal hashes are taken for equal pages.
 * Different threads may use different pages at the same time.
 */
public final class Shadow {
    private final PageMemory memory;
    // One byte a page, not one bit: two threads may learn of neighbouring pages at once.
    private final byte[] known;
    private Optional<PageHashTable> backupHashes = Optional.empty();

    /** A shadow that knows no page. The memory stays the caller's to close. */
    public Shadow(PageMemory memory) {
        this.memory = memory;
        this.known = new byte[memory.pages()];
    }

    /**
     * Forgets all contents, for a backup whose image the primary can't be sure of.
     *
     * @param hashes the backup's page hashes, if it sent them; without them each page is shipped whole when next dirty
     * @throws IllegalArgumentException when the table is of another number of pages
     */
    public void forget(Optional<PageHashTable> hashes) {
        hashes.ifPresent(table -> {
            if (table.pages() != memory.pages()) {
                throw new IllegalArgumentException("the backup's hash table has " + table.pages()
                        + " pages, this VM's image " + memory.pages() + "; the hosts disagree on the layout");
            }
            table.requireFresh();
        });
        Arrays.fill(known, (byte) 0);
        backupHashes = hashes;
    }

    /** The contents as last sent; only those of known pages mean anything. */
    public PageMemory memory() {
        return memory;
    }

    /** Whether the content of this page on the backup is known. */
    public boolean isKnown(int page) {
        return known[page] != 0;
    }

    /** Pages whose content on the backup is known. */
    public int knownPages() {
        int count = 0;
        for (byte flag : known) {
            count += flag;
        }
        return count;
    }

    /** The backup's hashes for pages that are not known. */
    Optional<PageHashTable> backupHashes() {
        return backupHashes;
    }

    void becomeKnown(int page) {
        known[page] = 1;
    }
}
