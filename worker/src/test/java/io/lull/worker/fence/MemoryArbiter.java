package io.lull.worker.fence;

import io.lull.policy.VmId;
import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceRecord;
import io.lull.policy.fence.FenceRule;
import io.lull.policy.fence.FenceRuling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** An arbiter in memory, which can be gone, and lose its answers. */
public final class MemoryArbiter {
    /** What comes of claims. */
    public enum Mood {
        ANSWERS,
        /** Claims don't reach it. */
        GONE,
        /** Claims are decided and recorded, and the answers are lost. */
        LOSES_ANSWERS
    }

    private final VmId vm;
    private final List<FenceRecord> records = new ArrayList<>();
    private Mood mood = Mood.ANSWERS;
    private int asked;

    public MemoryArbiter(VmId vm) {
        this.vm = vm;
    }

    /** Another with the same records, which answers. */
    public synchronized MemoryArbiter copy() {
        MemoryArbiter copy = new MemoryArbiter(vm);
        copy.records.addAll(records);
        return copy;
    }

    public synchronized void mood(Mood next) {
        mood = next;
    }

    /** How many claims were made, those included that did not reach it. */
    public synchronized int asked() {
        return asked;
    }

    public synchronized Optional<FenceRecord> last() {
        return records.isEmpty() ? Optional.empty() : Optional.of(records.get(records.size() - 1));
    }

    private synchronized FenceRuling decide(FenceClaim claim) throws FenceException {
        asked++;
        if (mood == Mood.GONE) {
            throw new FenceException("the arbiter is gone", false, null);
        }
        FenceRuling ruling = FenceRule.rule(vm, last(), claim, 0);
        if (ruling.isNew()) {
            records.add(ruling.record().orElseThrow());
        }
        if (mood == Mood.LOSES_ANSWERS) {
            throw new FenceException("the answer is lost", true, null);
        }
        return ruling;
    }

    private synchronized Optional<FenceRecord> looked() throws FenceException {
        if (mood == Mood.GONE) {
            throw new FenceException("the arbiter is gone", false, null);
        }
        return last();
    }

    /** One worker's way to it. */
    public Fence fence() {
        return new Fence() {
            private volatile Optional<FenceRecord> seen = Optional.empty();

            @Override
            public FenceRuling claim(FenceClaim claim) throws FenceException {
                FenceRuling ruling = decide(claim);
                seen = ruling.record();
                return ruling;
            }

            @Override
            public Optional<FenceRecord> look() throws FenceException {
                seen = looked();
                return seen;
            }

            @Override
            public void expect(Supplier<Optional<FenceClaim>> next) {}

            @Override
            public Optional<FenceRecord> lastSeen() {
                return seen;
            }

            @Override
            public boolean isShared() {
                return true;
            }

            @Override
            public void close() {}
        };
    }
}
