package io.lull.worker.page;

import java.util.Arrays;
import java.util.Optional;

/**
 * A shadow that holds every page, as much memory as the guest has.
 *
 * <p>A page whose content is not known, after the start or a lost connection, is looked up in the backup's table of page
 * hashes. The table describes the same VM, its seed is secret and a hash has 128 bits, so equal hashes are taken for
 * equal pages.
 */
public final class FullShadow implements Shadow {
    private final PageMemory memory;
    // One byte a page, not one bit: two threads may learn of neighbouring pages at once.
    private final byte[] known;
    /** Of a page that is not known the backup's, or of zeros; of one that is known, as it was when last digested. */
    private final ShadowHashes hashes;

    private boolean fromBackup;

    /**
     * A shadow that knows no page.
     *
     * @param hashSeed of the page hashes; the backup uses the same
     */
    public FullShadow(int pages, long hashSeed) {
        this.memory = PageMemory.unwritten(pages);
        this.known = new byte[pages];
        this.hashes = new ShadowHashes(pages, hashSeed);
    }

    @Override
    public int pages() {
        return memory.pages();
    }

    @Override
    public void forget(Optional<PageHashTable> table) {
        hashes.replace(table);
        fromBackup = table.isPresent();
        Arrays.fill(known, (byte) 0);
    }

    /** The contents as last sent; only those of known pages mean anything. */
    public PageMemory memory() {
        return memory;
    }

    /** Pages whose content on the backup is known. */
    public int knownPages() {
        int count = 0;
        for (byte flag : known) {
            count += flag;
        }
        return count;
    }

    @Override
    public void prepare(StagedPages staged) {
        // Every page has its place.
    }

    @Override
    public long content(int page) {
        return known[page] != 0 ? memory.address(page) : NOT_HELD;
    }

    @Override
    public long place(int page) {
        return memory.address(page);
    }

    @Override
    public boolean backupHas(int page, long content, long[] scratch) {
        boolean same = fromBackup && hashes.table().matches(page, content, scratch);
        if (same) {
            known[page] = 1;
        }
        return same;
    }

    @Override
    public void sent(int page, long content, long[] scratch) {
        known[page] = 1;
    }

    @Override
    public PageDigest digest(PageRange range, PageWorkers workers) {
        // What wasn't sent the backup has as it had it: a guest's QEMU may leave out pages that the guest calls free.
        PageHashTable table = hashes.make();
        table.refresh(memory, range, workers, page -> known[page] != 0);
        return table.digest(range);
    }

    @Override
    public void close() {
        memory.close();
        hashes.close();
    }
}
