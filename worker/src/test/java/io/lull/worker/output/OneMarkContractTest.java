package io.lull.worker.output;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;

/** A gate whose barrier has room for one mark at a time. */
class OneMarkContractTest extends OutputGateContract {
    @Override
    GateRig rig(Path directory) throws Exception {
        Queue queue = new Queue();
        return new PlayedRig(
                new PlayedRig.Played(queue::send, queue::left, queue::lose),
                listener -> BarrierGate.hold(queue, listener, PATIENT_NANOS));
    }

    @Override
    long leakMillis() {
        return 5;
    }

    @Override
    int epochs() {
        return 500;
    }

    /** A queue with one mark in it. */
    private static final class Queue implements Barrier {
        private final Deque<Long> held = new ArrayDeque<>();
        private final List<Long> left = new ArrayList<>();
        private OptionalInt mark = OptionalInt.empty();
        private boolean holds;
        private boolean gone;

        synchronized void send(long tag) {
            (holds ? held : left).add(tag);
        }

        synchronized List<Long> left() {
            return List.copyOf(left);
        }

        synchronized void lose() {
            gone = true;
        }

        @Override
        public int maxMarks() {
            return 1;
        }

        private void work() throws IOException {
            if (gone) {
                throw new IOException("the barrier is gone");
            }
        }

        @Override
        public synchronized void hold() throws IOException {
            work();
            holds = true;
        }

        @Override
        public synchronized void mark() throws IOException {
            work();
            if (mark.isPresent()) {
                throw new IllegalStateException("two marks");
            }
            mark = OptionalInt.of(held.size());
        }

        @Override
        public synchronized void releaseOldest() throws IOException {
            work();
            for (int i = mark.orElseThrow(); i > 0; i--) {
                left.add(held.remove());
            }
            mark = OptionalInt.empty();
        }

        @Override
        public synchronized void open() throws IOException {
            work();
            left.addAll(held);
            held.clear();
            mark = OptionalInt.empty();
            holds = false;
        }

        @Override
        public synchronized void remove() {
            held.clear();
            holds = false;
        }
    }
}
