package io.lull.policy.sim;

import io.lull.policy.Checks;
import io.lull.policy.signal.Conversation;
import io.lull.policy.signal.ConversationState;
import io.lull.policy.signal.DirtyCurve;
import io.lull.policy.signal.DirtyCurveState;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.VmSample;
import io.lull.policy.sim.Activity.Background;
import io.lull.policy.sim.Activity.Requests;
import io.lull.policy.sim.Activity.Schedule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Makes simulated workloads out of what was recorded of a protected guest.
 *
 * <p>The replay has the recorded mean rates: requests at random times with the recorded rate, vCPU time, frames and
 * bytes of an answer; background computation; and the dirty curve that the epoch reports fit, over vCPU time. The
 * course of the load over the recording, and bursts, are not replayed.
 *
 * <p>What a recording can't tell is how the clients would behave under another schedule. {@link #of} takes them to ask
 * at their own times (open loop), with a rate a second of guest run time, so that pauses take nothing from it; this
 * overstates the queues of clients that wait for their answers, and understates what a better schedule gives them.
 * {@link #closedLoop} takes them all to wait, with the number of clients and their think time as estimated; it
 * overstates the loss where they don't. The truth is between the two. Nor are requests told from bare acknowledgements:
 * a frame in counts as a request when there is a frame out for it. A bulk transfer thus looks like many small requests,
 * without its window. Time on the disk is not known either.
 */
public final class RecordedWorkload {
    private static final long BACKGROUND_PERIOD_NANOS = 20_000_000;
    private static final long ROUND_TRIP_NANOS = 100_000;
    private static final long CLIENTS_TAU_NANOS = 100_000_000;
    private static final int MAX_VCPUS = 24;
    private static final int MAX_CLIENTS = 0xFFFF;
    private static final double MAX_PAGES = 1e9;
    private static final double MAX_RATE = 1e7;
    private static final double SPREAD = 0.3;

    private RecordedWorkload() {}

    /** A workload whose clients ask at their own times, whatever becomes of the answers. */
    public static Workload of(String name, List<VmSample> samples, List<EpochReport> reports) {
        return workload(name, samples, reports, false);
    }

    /** A workload whose clients all wait for their answer before they ask again. */
    public static Workload closedLoop(String name, List<VmSample> samples, List<EpochReport> reports) {
        return workload(name, samples, reports, true);
    }

    /**
     * How many clients took part, as far as the samples tell: the 90th percentile of what {@link Conversation}
     * estimates; at least 1.
     */
    public static int clients(List<VmSample> samples) {
        SampleView view = new SampleView();
        ConversationState state = new ConversationState();
        double[] clients = new double[samples.size()];
        for (int i = 0; i < clients.length; i++) {
            Conversation.update(state, view.load(samples.get(i)), CLIENTS_TAU_NANOS);
            clients[i] = Conversation.clients(state);
        }
        Arrays.sort(clients);
        double high = clients.length == 0 ? 1 : clients[(int) (0.9 * (clients.length - 1))];
        return (int) Math.max(1, Math.min(MAX_CLIENTS, Math.round(high)));
    }

    private static Workload workload(
            String name, List<VmSample> samples, List<EpochReport> reports, boolean closedLoop) {
        if (samples.isEmpty() || reports.isEmpty()) {
            throw new IllegalArgumentException("recording " + name + " has " + samples.size() + " samples and "
                    + reports.size() + " epoch reports; a workload needs both: record a protected VM");
        }
        List<VmSample> inOrder = samples.stream()
                .sorted(Comparator.comparingLong(VmSample::sampledAtMicros))
                .toList();
        RecordedLoad load = RecordedLoad.of(inOrder, reports);
        Checks.within("vcpus of recording " + name, load.vcpus(), 1, MAX_VCPUS);
        List<Activity> activities = new ArrayList<>();
        if (load.requests() > 0) {
            int clients = clients(inOrder);
            activities.add(requests(load, clients, closedLoop ? think(load, clients, reports) : 0, closedLoop));
        }
        if (load.backgroundNanos() > 0 || activities.isEmpty()) {
            activities.add(background(load));
        }
        return new Workload(name, load.vcpus(), activities, dirty(load, reports), 0, 0, Workload.ORDINARY);
    }

    private static Requests requests(RecordedLoad load, int clients, long thinkNanos, boolean closedLoop) {
        long answerPackets = Math.max(1, Math.round((double) load.sent().packets() / load.requests()));
        return new Requests(
                Schedule.ALWAYS,
                clients,
                load.vcpus(),
                closedLoop,
                closedLoop ? 0 : Math.min(MAX_RATE, load.requestsPerSecond()),
                thinkNanos,
                load.serviceNanos(),
                SPREAD,
                (int) Math.min(Integer.MAX_VALUE, answerPackets),
                (int) Math.max(1, Math.min(Integer.MAX_VALUE, load.sent().bytesPerPacket())),
                0,
                ROUND_TRIP_NANOS,
                load.asked());
    }

    /** Little's law: what is left of clients / rate after service, round trip and the mean time in which output is held. */
    private static long think(RecordedLoad load, int clients, List<EpochReport> reports) {
        double cycleNanos = (double) clients * load.wallNanos() / load.requests();
        double heldNanos = reports.stream()
                .filter(report -> report.held().packets() > 0)
                .mapToLong(report -> report.held().maxWaitNanos() / 2)
                .average()
                .orElse(0);
        return (long) Math.max(0, cycleNanos - heldNanos - load.serviceNanos() - ROUND_TRIP_NANOS);
    }

    /** Threads that are on for the share of the time that gives the recorded background work. */
    private static Background background(RecordedLoad load) {
        double busy = Math.min(load.vcpus(), (double) load.backgroundNanos() / load.guestNanos());
        int threads = (int) Math.max(1, Math.ceil(busy));
        long on = Math.max(1, Math.min(BACKGROUND_PERIOD_NANOS, (long) (BACKGROUND_PERIOD_NANOS * busy / threads)));
        Schedule schedule =
                on == BACKGROUND_PERIOD_NANOS ? Schedule.ALWAYS : new Schedule(on, BACKGROUND_PERIOD_NANOS - on, 0);
        return new Background(schedule, threads);
    }

    private static DirtyModel dirty(RecordedLoad load, List<EpochReport> reports) {
        DirtyCurveState curve = new DirtyCurveState();
        for (EpochReport report : reports) {
            // The simulator counts vCPU time where the curve counts the guest's.
            long workNanos = (long) (report.lengthNanos() * load.workingVcpus());
            DirtyCurve.update(curve, workNanos, report.pages().dirtyPages());
        }
        double atTenMillis = Math.min(MAX_PAGES, DirtyCurve.pagesAt(curve, 10_000_000));
        return new PowerLawDirty(0, atTenMillis, curve.exponent, MAX_PAGES);
    }
}
