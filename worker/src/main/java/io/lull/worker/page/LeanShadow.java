package io.lull.worker.page;

import java.util.Arrays;
import java.util.Optional;

/**
 * A shadow for a host that has not as much memory again as the guest: the 128-bit hash of every page, with five bytes to find it
 * and its content by (together 0.5 % of the guest's memory), and the contents of the pages that were dirty last.
 *
 * <p>A page whose content is held is sent as its changed words; another is sent whole, unless its hash says that it did
 * not change. What is held is bounded: the page that was dirty longest ago makes room (LRU); a page of the checkpoint
 * under way never does, so a checkpoint larger than the bound sends its last pages whole. Hashing costs about 0.7 µs
 * for each changed page ({@code deploy/bench/pages/bench.sh hashes}).
 */
public final class LeanShadow implements Shadow {
    private static final int NONE = -1;

    private final int pages;
    private final ShadowHashes hashes;
    // One byte a page, not one bit: two threads may learn of neighbouring pages at once.
    private final byte[] hashed;
    private final Slots slots;

    /**
     * A shadow that knows no page.
     *
     * @param hashSeed of the page hashes; the backup uses the same
     * @param heldPages most pages whose content is held; 0 holds none and sends every changed page whole
     */
    public LeanShadow(int pages, long hashSeed, int heldPages) {
        if (heldPages < 0 || heldPages > pages) {
            throw new IllegalArgumentException(
                    "of " + pages + " pages, 0 to " + pages + " can be held, not " + heldPages);
        }
        this.pages = pages;
        this.hashes = new ShadowHashes(pages, hashSeed);
        this.hashed = new byte[pages];
        this.slots = new Slots(pages, heldPages);
    }

    @Override
    public int pages() {
        return pages;
    }

    @Override
    public void forget(Optional<PageHashTable> table) {
        hashes.replace(table);
        slots.clear();
        Arrays.fill(hashed, (byte) (table.isPresent() ? 1 : 0));
    }

    @Override
    public void prepare(StagedPages staged) {
        slots.admit(staged);
        hashes.make();
    }

    @Override
    public long content(int page) {
        return slots.content(page);
    }

    @Override
    public long place(int page) {
        return slots.place(page);
    }

    @Override
    public boolean backupHas(int page, long content, long[] scratch) {
        boolean same = hashed[page] != 0 && hashes.table().matches(page, content, scratch);
        if (same) {
            slots.filled(page);
        }
        return same;
    }

    @Override
    public void sent(int page, long content, long[] scratch) {
        hashes.table().set(page, content, scratch);
        hashed[page] = 1;
        slots.filled(page);
    }

    @Override
    public PageDigest digest(PageRange range, PageWorkers workers) {
        // The hashes were brought up to date when the pages were sent.
        return hashes.make().digest(range);
    }

    @Override
    public void close() {
        hashes.close();
        slots.close();
    }

    /** Places for the contents of some pages, in order of use. Admission is for one thread, the rest for any. */
    private static final class Slots {
        private final Optional<PageMemory> memory;
        private final int[] slotOf;
        private final int[] pageOf;
        private final int[] newer;
        private final int[] older;
        private final long[] usedAt;
        private final byte[] filled;
        private int newest = NONE;
        private int oldest = NONE;
        private int used;
        private long checkpoint;

        Slots(int pages, int count) {
            memory = count == 0 ? Optional.empty() : Optional.of(PageMemory.anonymous(count));
            slotOf = new int[pages];
            pageOf = new int[count];
            newer = new int[count];
            older = new int[count];
            usedAt = new long[count];
            filled = new byte[count];
            Arrays.fill(slotOf, NONE);
        }

        void clear() {
            Arrays.fill(slotOf, NONE);
            newest = NONE;
            oldest = NONE;
            used = 0;
        }

        void admit(StagedPages staged) {
            checkpoint++;
            for (int i = 0; i < staged.count(); i++) {
                int page = staged.page(i);
                int slot = slotOf[page];
                if (slot != NONE) {
                    unlink(slot);
                } else {
                    slot = free();
                    if (slot == NONE) {
                        continue;
                    }
                    slotOf[page] = slot;
                    pageOf[slot] = page;
                    filled[slot] = 0;
                }
                usedAt[slot] = checkpoint;
                linkNewest(slot);
            }
        }

        private int free() {
            if (used < pageOf.length) {
                return used++;
            }
            int slot = oldest;
            if (slot == NONE || usedAt[slot] == checkpoint) {
                return NONE;
            }
            unlink(slot);
            slotOf[pageOf[slot]] = NONE;
            return slot;
        }

        private void unlink(int slot) {
            if (newer[slot] == NONE) {
                newest = older[slot];
            } else {
                older[newer[slot]] = older[slot];
            }
            if (older[slot] == NONE) {
                oldest = newer[slot];
            } else {
                newer[older[slot]] = newer[slot];
            }
        }

        private void linkNewest(int slot) {
            newer[slot] = NONE;
            older[slot] = newest;
            if (newest != NONE) {
                newer[newest] = slot;
            }
            newest = slot;
            if (oldest == NONE) {
                oldest = slot;
            }
        }

        long content(int page) {
            int slot = slotOf[page];
            return slot == NONE || filled[slot] == 0 ? NOT_HELD : address(slot);
        }

        long place(int page) {
            int slot = slotOf[page];
            return slot == NONE ? NOT_HELD : address(slot);
        }

        private long address(int slot) {
            return memory.orElseThrow().address(slot);
        }

        void filled(int page) {
            int slot = slotOf[page];
            if (slot != NONE) {
                filled[slot] = 1;
            }
        }

        void close() {
            memory.ifPresent(PageMemory::close);
        }
    }
}
