package io.lull.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.local.GuestSpec.Seat;
import io.lull.local.LocalConfigs.Addresses;
import io.lull.local.LocalConfigs.Place;
import io.lull.worker.primary.PrimaryCommands;
import io.lull.worker.status.CommandClient;
import io.lull.worker.status.OperatorRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Moves a stack's VM between its two hosts, as their operator would: the host that has taken it gets a primary worker, and
 * the other one a backup.
 */
public final class Shuttle {
    private static final long READY_LIMIT_MILLIS = 120_000;
    private static final long END_LIMIT_MILLIS = 30_000;
    private static final long TAKEOVER_LIMIT_MILLIS = 20_000;
    private static final Duration SWITCHOVER_LIMIT = Duration.ofMinutes(2);
    /** A standby that has just been sent the initial copy may not have taken it in. */
    private static final long SETTLED_COMMITS = 40;

    private final LocalStack stack;
    private final List<Seat> seats = new ArrayList<>();
    private Turn now;

    /**
     * One stay of the VM on a host.
     *
     * @param primary the host's worker
     * @param backup the other host's, whose standby is to be the next turn's VM
     * @param taker the worker that took the VM over for this turn; empty in the first
     */
    private record Turn(
            Place here,
            ManagedProcess primary,
            Place there,
            ManagedProcess backup,
            Addresses hereAsBackup,
            Addresses thereAsBackup,
            Seat next,
            Optional<ManagedProcess> taker) {}

    /** The VM is where the stack has started it, protected. */
    public Shuttle(LocalStack stack) throws IOException {
        this.stack = stack;
        seats.add(stack.primarySeat());
        Seat next = stack.standbySeat();
        seats.add(next);
        String kafka = stack.control().bootstrapServers();
        this.now = new Turn(
                Place.PRIMARY,
                stack.primaryWorker(),
                Place.BACKUP,
                stack.backupWorker(),
                Addresses.of(kafka),
                new Addresses(kafka, stack.backupAddress()),
                next,
                Optional.empty());
    }

    /** Where the VM was so far, in order, and the seat of the standby. */
    public List<Seat> seats() {
        return List.copyOf(seats);
    }

    /** What the primary worker says of itself. */
    public JsonNode primaryStatus() throws IOException {
        return stack.statusOf(now.here().run()).orElseThrow(() -> new IOException(now.here() + " is silent"));
    }

    /** Returns when the VM is protected, with a standby that has all of it. */
    public void awaitProtected() throws IOException {
        Await.until("a standby of " + now.there(), READY_LIMIT_MILLIS, () -> {
            if (!now.primary().alive() || !now.backup().alive()) {
                throw new IOException("a worker ended: " + now.primary().tail(3)
                        + now.backup().tail(3));
            }
            return status(now.here(), "state").equals("PROTECTED")
                    && status(now.there(), "standby").equals("READY");
        });
        long from = commits();
        Await.until("more commits", READY_LIMIT_MILLIS, () -> commits() >= from + SETTLED_COMMITS);
    }

    private long commits() {
        return stack.statusOf(now.there().run())
                .map(status -> status.path("commits").asLong())
                .orElse(0L);
    }

    private String status(Place place, String field) {
        return stack.statusOf(place.run())
                .map(status -> status.path(field).asText())
                .orElse("");
    }

    /** Has the VM handed over; what the primary worker answers. */
    public JsonNode switchOver() throws IOException {
        JsonNode answer = CommandClient.ask(
                LocalConfigs.runDir(stack.options(), now.here().run()).resolve("command.sock"),
                new OperatorRequest(PrimaryCommands.SWITCHOVER, "there and back").toJson(),
                SWITCHOVER_LIMIT);
        Optional<String> error = OperatorRequest.errorOf(answer);
        if (error.isPresent()) {
            throw new IOException(error.get());
        }
        mustEndWell(now.primary());
        return answer;
    }

    /** The host of the VM is lost: its QEMU, which is the first turn's, and its worker. Returns when the other has the VM. */
    public void loseFirstHost() throws IOException {
        ManagedProcess.killAtOnce(List.of(stack.qemu(), now.primary()));
        Await.until("the backup has taken over", TAKEOVER_LIMIT_MILLIS, () -> status(now.there(), "failover")
                .equals("RUNNING"));
    }

    /** After the VM has moved: where it runs now it is served by a primary worker, and the host that it left by a backup. */
    public void settle() throws IOException {
        if (now.taker().isPresent()) {
            // It ends because its VM has.
            mustEndWell(now.taker().get());
        }
        Seat seat = seats.get(seats.size() - 1);
        int turn = seats.size() - 1;
        Place here = now.there().running("primary-" + turn);
        Place there = now.here().running("backup-" + turn);
        Seat left = seats.get(turn - 1);
        Seat next = Seat.standby(
                Files.createDirectories(stack.options().folder().resolve("seat-" + (turn + 1))),
                left.disk(),
                left.tap());
        ManagedProcess backup = stack.own(stack.worker(
                there.run(),
                "backup",
                LocalConfigs.backup(stack.options(), there, stack.standbyCommand(next), next, now.hereAsBackup())));
        ManagedProcess primary = stack.own(stack.worker(here.run(), "primary", primaryConfig(here, seat)));
        now = new Turn(
                here, primary, there, backup, now.thereAsBackup(), now.hereAsBackup(), next, Optional.of(now.backup()));
        seats.add(next);
    }

    /** What a primary worker says that is started at a standby: its log. */
    public String primaryAtStandby() throws IOException {
        Place place = now.there().running("too-early");
        ManagedProcess worker = stack.own(stack.worker(place.run(), "primary", primaryConfig(place, now.next())));
        if (!worker.await(END_LIMIT_MILLIS) || worker.exitCode() == 0) {
            throw new IOException("a primary worker serves a standby: " + worker.tail(3));
        }
        return worker.tail(3);
    }

    private Path primaryConfig(Place place, Seat taken) throws IOException {
        Seat seat = new Seat(taken.folder(), taken.observerQmp().toString(), taken.disk(), taken.tap());
        return LocalConfigs.primary(stack.options(), place, seat, now.hereAsBackup());
    }

    private static void mustEndWell(ManagedProcess worker) throws IOException {
        if (!worker.await(END_LIMIT_MILLIS)) {
            throw new IOException(worker.name() + " doesn't end: " + worker.tail(3));
        }
        if (worker.exitCode() != 0) {
            throw new IOException(worker.name() + " ended with " + worker.exitCode() + ": " + worker.tail(3));
        }
    }
}
