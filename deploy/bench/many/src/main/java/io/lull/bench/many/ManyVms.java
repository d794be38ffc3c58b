package io.lull.bench.many;

import io.lull.policy.signal.EpochReport;
import io.lull.worker.certs.CertificateAuthority;
import io.lull.worker.certs.CertificateFolder;
import io.lull.worker.certs.HostRequest;
import io.lull.worker.page.PagePool;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.primary.SimulatedGuest;
import io.lull.worker.primary.SimulatedPages;
import io.lull.worker.wire.MutualTls;
import io.lull.worker.wire.PeerRule;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The primaries' side with its guests, and the backups' process beside it; goes through the phases. */
final class ManyVms implements AutoCloseable {
    static final String PRIMARY_HOST = "host-a";
    static final String BACKUP_HOST = "host-b";

    private static final long PROTECT_MILLIS = 120_000;
    private static final long LOOK_MILLIS = 50;
    private static final long WARM_UP_MILLIS = 5_000;
    private static final long SETTLE_MILLIS = 1_500;
    private static final long LOOK_WHILE_MEASURING_MILLIS = 1_000;

    private final Setting setting;
    private final Path folder;
    private final Results results;
    private final BackupsProcess backups;
    private final SimulatedPages pages;
    private final PagePool pool;
    private final List<ManyGuest> guests = new ArrayList<>();
    private final List<PageWorkers> workers = new ArrayList<>();
    private final Spent spent;
    private volatile Optional<Phase> measured = Optional.empty();

    ManyVms(Setting setting, Path directory) throws IOException {
        this.setting = setting;
        this.results = new Results(setting.vms());
        this.folder = Files.createTempDirectory(directory, "lull-many-");
        Wiring wiring = certified(folder);
        this.backups = new BackupsProcess(folder, setting.vms());
        this.spent = new Spent(backups);
        this.pages = new SimulatedPages(setting.seed());
        int cores = Runtime.getRuntime().availableProcessors();
        // What `pipeline.threads: 0` grants.
        int granted = Math.max(1, cores - 1);
        int[] each = new int[setting.vms()];
        Arrays.fill(each, granted);
        this.pool = new PagePool(PagePool.threadsFor(each, cores), "lull-page");
        for (int number = 0; number < setting.vms(); number++) {
            PageWorkers own = setting.apart() ? new PageWorkers(granted, "lull-page") : pool.workers();
            own.grant(() -> granted);
            workers.add(own);
            guests.add(guest(number, wiring, own));
        }
    }

    private static Wiring certified(Path folder) throws IOException {
        Instant now = Instant.now();
        CertificateFolder certificates = new CertificateFolder(folder.resolve("certs"));
        certificates.keep(CertificateAuthority.create(now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(2))));
        for (String host : List.of(PRIMARY_HOST, BACKUP_HOST)) {
            certificates.issue(
                    new HostRequest(host, List.of(), now.minus(Duration.ofMinutes(1)), now.plus(Duration.ofDays(1))));
        }
        return MutualTls.of(BackupsMain.credentials(folder, PRIMARY_HOST)).towards(PeerRule.anyOf(Set.of(BACKUP_HOST)));
    }

    private ManyGuest guest(int number, Wiring wiring, PageWorkers own) throws IOException {
        if (setting.isReal(number)) {
            return new RealVm(
                    BackupsMain.vm(number),
                    setting,
                    folder,
                    new RealVm.Ties(backups.address(number), wiring, own, report -> committed(number, report)));
        }
        return new SimulatedVm(new SimulatedGuest(
                BackupsMain.vm(number),
                new SimulatedGuest.Means(
                        pages,
                        setting.ramMebibytes(),
                        setting.intervalNanos(),
                        wiring,
                        report -> committed(number, report)),
                backups.address(number),
                own,
                setting.calmPages(),
                setting.seed() + number));
    }

    private void committed(int number, EpochReport report) {
        measured.ifPresent(phase -> results.of(phase, number)
                .add(report.stages().commitNanos(), report.pages().dirtyPages()));
    }

    /** Starts the guests and waits until each has committed an epoch. */
    void awaitProtected() throws IOException, InterruptedException {
        for (ManyGuest guest : guests) {
            guest.start();
        }
        long endMillis = System.currentTimeMillis() + PROTECT_MILLIS;
        while (!guests.stream().allMatch(ManyGuest::hasCommitted)) {
            if (System.currentTimeMillis() > endMillis) {
                throw new IOException("not all VMs are protected after " + PROTECT_MILLIS + " ms");
            }
            goOn(LOOK_MILLIS);
        }
    }

    /**
     * Lets the guests run for a time, for that is what is measured; none may end in it.
     *
     * @throws IOException when a VM is no longer protected
     */
    private void goOn(long millis) throws IOException, InterruptedException {
        Thread.sleep(millis);
        checkAllRun();
    }

    private void checkAllRun() throws IOException {
        for (int number = 0; number < guests.size(); number++) {
            Optional<String> why = guests.get(number).ended();
            if (why.isPresent()) {
                throw new IOException(BackupsMain.vm(number) + " is no longer protected: " + why.get());
            }
        }
    }

    /** Some calm and some wild seconds that count for nothing, until the compiler has seen it all. */
    void warmUp() throws IOException, InterruptedException {
        for (int pages : new int[] {setting.calmPages(), setting.wildPages()}) {
            guests.get(Results.WILD_VM).dirty(pages);
            goOn(WARM_UP_MILLIS);
        }
    }

    /** The three phases once, each of so many seconds. */
    void round(int seconds) throws IOException, InterruptedException {
        guests.forEach(guest -> guest.dirty(setting.calmPages()));
        measure(Phase.CALM, seconds);
        guests.get(Results.WILD_VM).dirty(setting.wildPages());
        long before = results.pages(Phase.WILD);
        measure(Phase.WILD, seconds);
        double intervals = seconds * 1e9 / setting.intervalNanos();
        int each = (int) Math.round((results.pages(Phase.WILD) - before) / intervals / setting.vms());
        guests.forEach(guest -> guest.dirty(each));
        measure(Phase.EVEN, seconds);
    }

    private void measure(Phase phase, int seconds) throws IOException, InterruptedException {
        goOn(SETTLE_MILLIS);
        spent.begin();
        measured = Optional.of(phase);
        for (int second = 0; second < seconds; second++) {
            goOn(LOOK_WHILE_MEASURING_MILLIS);
        }
        measured = Optional.empty();
        spent.end(phase);
    }

    Results results() {
        return results;
    }

    Spent spent() {
        return spent;
    }

    @Override
    public void close() throws IOException {
        for (ManyGuest guest : guests) {
            guest.close();
        }
        workers.forEach(PageWorkers::close);
        pool.close();
        pages.close();
        backups.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
