package io.lull.cluster;

import io.lull.cluster.kafka.TopicSet;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand;
import io.lull.policy.trigger.CommandFilter.Verdict;
import io.lull.schemas.topic.RecordKeys;
import io.lull.schemas.wire.BadRecordException;
import io.lull.schemas.wire.Wire;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;

/** Simulated VMs that send samples at their pace and obey commands; what they send is kept, to be sent again. */
final class SimulatedHosts implements AutoCloseable {
    private static final Wire WIRE = new Wire();

    private final TopicSet topics;
    private final Map<String, SimulatedVm> vms = new LinkedHashMap<>();
    private final List<Sent> sent = new ArrayList<>();
    private final Thread commands;
    private final Thread load;
    private volatile boolean sending = true;
    private volatile Optional<Throwable> failure = Optional.empty();

    /** A sample as it was sent. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Sent(String key, byte[] value) {}

    SimulatedHosts(TopicSet topics, int count, long seed) {
        this.topics = topics;
        for (int i = 0; i < count; i++) {
            VmId vm = new VmId("vm-" + i);
            vms.put(vm.value(), new SimulatedVm(vm, seed + i));
        }
        this.commands = topics.follow(topics.topics().commands(), this::take);
        this.load = new Thread(this::send, "load");
        load.setDaemon(true);
        load.start();
    }

    private void take(byte[] value) {
        try {
            WorkerCommand command = WIRE.decodeCommand(value);
            SimulatedVm vm = vms.get(command.vm().value());
            if (vm != null) {
                vm.take(command, nowMicros());
            }
        } catch (BadRecordException e) {
            failure = Optional.of(e);
        }
    }

    /** Open loop: a sample is due at its time, however long the one before took. */
    private void send() {
        long dueNanos = System.nanoTime();
        while (sending) {
            for (SimulatedVm vm : vms.values()) {
                Sent next = new Sent(RecordKeys.of(vm.vm()), WIRE.encode(vm.sample(nowMicros())));
                sent.add(next);
                topics.send(topics.topics().telemetry(), next.key(), next.value());
            }
            dueNanos += SimulatedVm.PERIOD_NANOS;
            LockSupport.parkNanos(dueNanos - System.nanoTime());
        }
    }

    static long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    /** Returns when every VM has taken up a plan that came after now. */
    void awaitNewPlans() throws Exception {
        long nowMicros = nowMicros();
        Await.until("a new plan for every VM", () -> vms.values().stream()
                .allMatch(vm -> vm.planTakenMicros() > nowMicros));
    }

    /** Stops the load; returns what was sent. */
    List<Sent> stop() throws InterruptedException {
        sending = false;
        load.join();
        topics.flush();
        failure.ifPresent(e -> {
            throw new AssertionError("a command could not be read", e);
        });
        return sent;
    }

    int count(Verdict verdict) {
        return vms.values().stream().mapToInt(vm -> vm.count(verdict)).sum();
    }

    int endedByCommand() {
        return vms.values().stream().mapToInt(SimulatedVm::endedByCommand).sum();
    }

    int endedTwice() {
        return vms.values().stream().mapToInt(SimulatedVm::endedTwice).sum();
    }

    long longestUnplannedMicros() {
        return longest(SimulatedVm::longestUnplannedMicros);
    }

    long longestBetweenPlansMicros() {
        return longest(SimulatedVm::longestBetweenPlansMicros);
    }

    private long longest(ToLongFunction<SimulatedVm> ofVm) {
        return vms.values().stream().mapToLong(ofVm).max().orElse(0);
    }

    @Override
    public void close() throws InterruptedException {
        sending = false;
        load.join();
        commands.interrupt();
        commands.join();
    }
}
