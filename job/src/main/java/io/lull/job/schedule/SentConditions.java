package io.lull.job.schedule;

import io.lull.policy.Conditions;
import io.lull.policy.DirtyRule;
import io.lull.policy.DivergenceRule;
import io.lull.policy.IdleRule;
import io.lull.policy.OutputRule;
import io.lull.policy.ServiceRule;
import io.lull.policy.ServicesRule;
import io.lull.policy.WaitRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A plan's conditions, as Flink keeps them; what a flag calls absent is not there. */
public final class SentConditions {
    public boolean hasIdle;
    public double busyRatio;
    public long idleNanos;
    public long quietNanos;
    public long weakIdleNanos;
    public long settleNanos;

    public boolean hasOutput;
    public long minHeldPackets;
    public long minDiskWrites;
    public double paceRatio;
    public long transferNanos;
    public double transferNanosPerPage;

    public boolean hasDirty;
    public long maxDirtyPages;

    public boolean hasWaiting;
    public double waitPriceRatio;
    public double averageLossRatio;
    public double talkPackets;
    public int stuckRequests;
    public double nanosPerPacket;
    public double gapNanos;
    public double saturatedBusyRatio;
    public double waitBusyRatio;
    public double answeredBusyRatio;
    public long pauseNanos;
    public double pauseNanosPerPage;
    public double slotsPerSecond;
    public long maxHeldNanos;
    public long readyWorkNanos = Long.MAX_VALUE;
    public double besidesLoss;
    /** By service; all four of the same length. */
    public int[] servicePort = {};

    public double[] serviceClients = {};
    public double[] servicePrice = {};
    public double[] serviceLoss = {};

    public boolean hasDivergence;
    public long holdOffNanos;

    static SentConditions of(Conditions conditions) {
        SentConditions sent = new SentConditions();
        conditions.idle().ifPresent(sent::keep);
        conditions.output().ifPresent(sent::keep);
        conditions.dirty().ifPresent(sent::keep);
        conditions.waiting().ifPresent(sent::keep);
        conditions.divergence().ifPresent(sent::keep);
        return sent;
    }

    /** Whether {@code other} has the same conditions, whatever their thresholds. */
    boolean sameButThresholds(Conditions other) {
        return hasIdle == other.idle().isPresent()
                && hasOutput == other.output().isPresent()
                && hasDirty == other.dirty().isPresent()
                && hasWaiting == other.waiting().isPresent()
                && hasDivergence == other.divergence().isPresent();
    }

    Conditions value() {
        return new Conditions(
                when(hasIdle, () -> new IdleRule(busyRatio, idleNanos, quietNanos, weakIdleNanos, settleNanos)),
                when(
                        hasOutput,
                        () -> new OutputRule(
                                minHeldPackets, minDiskWrites, paceRatio, transferNanos, transferNanosPerPage)),
                when(hasDirty, () -> new DirtyRule(maxDirtyPages)),
                when(hasWaiting, this::waitRule),
                when(hasDivergence, () -> new DivergenceRule(holdOffNanos)));
    }

    private static <T> Optional<T> when(boolean present, Supplier<T> rule) {
        return present ? Optional.of(rule.get()) : Optional.empty();
    }

    private WaitRule waitRule() {
        return new WaitRule(
                waitPriceRatio,
                averageLossRatio,
                talkPackets,
                stuckRequests,
                nanosPerPacket,
                gapNanos,
                saturatedBusyRatio,
                waitBusyRatio,
                answeredBusyRatio,
                pauseNanos,
                pauseNanosPerPage,
                slotsPerSecond,
                maxHeldNanos,
                readyWorkNanos,
                new ServicesRule(besidesLoss, services()));
    }

    private List<ServiceRule> services() {
        List<ServiceRule> services = new ArrayList<>(servicePort.length);
        for (int i = 0; i < servicePort.length; i++) {
            services.add(new ServiceRule(servicePort[i], serviceClients[i], servicePrice[i], serviceLoss[i]));
        }
        return services;
    }

    private void keep(IdleRule rule) {
        hasIdle = true;
        busyRatio = rule.busyRatio();
        idleNanos = rule.idleNanos();
        quietNanos = rule.quietNanos();
        weakIdleNanos = rule.weakIdleNanos();
        settleNanos = rule.settleNanos();
    }

    private void keep(OutputRule rule) {
        hasOutput = true;
        minHeldPackets = rule.minHeldPackets();
        minDiskWrites = rule.minDiskWrites();
        paceRatio = rule.paceRatio();
        transferNanos = rule.transferNanos();
        transferNanosPerPage = rule.transferNanosPerPage();
    }

    private void keep(DirtyRule rule) {
        hasDirty = true;
        maxDirtyPages = rule.maxDirtyPages();
    }

    private void keep(WaitRule rule) {
        hasWaiting = true;
        waitPriceRatio = rule.waitPriceRatio();
        averageLossRatio = rule.averageLossRatio();
        talkPackets = rule.talkPackets();
        stuckRequests = rule.stuckRequests();
        nanosPerPacket = rule.nanosPerPacket();
        gapNanos = rule.gapNanos();
        saturatedBusyRatio = rule.saturatedBusyRatio();
        waitBusyRatio = rule.busyRatio();
        answeredBusyRatio = rule.answeredBusyRatio();
        pauseNanos = rule.pauseNanos();
        pauseNanosPerPage = rule.pauseNanosPerPage();
        slotsPerSecond = rule.slotsPerSecond();
        maxHeldNanos = rule.maxHeldNanos();
        readyWorkNanos = rule.readyWorkNanos();
        besidesLoss = rule.services().besidesLoss();
        List<ServiceRule> services = rule.services().services();
        servicePort = services.stream().mapToInt(ServiceRule::port).toArray();
        serviceClients = services.stream().mapToDouble(ServiceRule::clients).toArray();
        servicePrice = services.stream().mapToDouble(ServiceRule::priceRatio).toArray();
        serviceLoss = services.stream().mapToDouble(ServiceRule::lossRatio).toArray();
    }

    private void keep(DivergenceRule rule) {
        hasDivergence = true;
        holdOffNanos = rule.holdOffNanos();
    }
}
