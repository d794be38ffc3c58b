package io.lull.local.kafka;

import io.lull.worker.kafka.TailListener;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Keeps what a tail hands over. */
final class TailCollector<T> implements TailListener<T> {
    final Queue<T> records = new ConcurrentLinkedQueue<>();

    @Override
    public void record(T value) {
        records.add(value);
    }
}
