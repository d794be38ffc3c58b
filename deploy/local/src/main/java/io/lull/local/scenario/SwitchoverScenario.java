package io.lull.local.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.local.Await;
import io.lull.local.GuestSpec.Seat;
import io.lull.local.LocalStack;
import io.lull.local.Outcome;
import io.lull.local.Shuttle;
import io.lull.local.client.IncrReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A VM under load goes to the other host and back, again and again: one TCP connection all the time, each byte of the
 * guest's memory as it was, and protection again after each turn.
 */
public final class SwitchoverScenario {
    /** How often the VM moves, where nothing else is asked for. */
    public static final int TURNS = 20;

    private static final int LONGEST_SECONDS = 3_600;
    private static final long CLIENT_LIMIT_MILLIS = 60_000;
    private static final long SERVED_LIMIT_MILLIS = 30_000;
    private static final long CHECK_LIMIT_MILLIS = 60_000;
    private static final long SERVED_REPLIES = 20;
    private static final double NANOS_A_MILLISECOND = 1e6;

    private final LocalStack stack;
    private final int turns;

    /** @param turns how often the VM moves */
    public SwitchoverScenario(LocalStack stack, int turns) {
        this.stack = stack;
        this.turns = turns;
    }

    /**
     * What was seen.
     *
     * @param incr the closed-loop INCR client's own report
     * @param standstillMillis how long the guest stood still in each turn, as the host that it left saw it
     */
    public record Report(IncrReport incr, List<Double> standstillMillis, List<Verdicts.Verdict> verdicts)
            implements Outcome {
        @Override
        public String text() {
            List<Double> sorted = standstillMillis.stream().sorted().toList();
            return String.format(
                    "%d turns; guest stood still %.1f ms at the median, %.1f at most; replies %d, lost %d, doubled %d,"
                            + " longest gap %d ms%n%s",
                    sorted.size(),
                    sorted.get(sorted.size() / 2),
                    sorted.get(sorted.size() - 1),
                    incr.replies(),
                    incr.lost(),
                    incr.doubled(),
                    incr.maxGapMillis(),
                    Verdicts.text(verdicts));
        }
    }

    /** Runs it. */
    public Report run() throws IOException {
        Shuttle shuttle = new Shuttle(stack);
        LoadClient incr = LoadClient.incr(stack, LONGEST_SECONDS, "lull:counter");
        List<Double> standstills = new ArrayList<>();
        Verdicts verdicts = new Verdicts();
        for (int turn = 1; turn <= turns; turn++) {
            shuttle.awaitProtected();
            double millis = shuttle.switchOver().path("standstillNanos").asLong() / NANOS_A_MILLISECOND;
            standstills.add(millis);
            shuttle.settle();
            awaitServed(incr);
            System.out.printf("turn %2d: guest stood still %.1f ms%n", turn, millis);
        }
        shuttle.awaitProtected();
        verdicts.check("the fence has the VM as protected", fence(shuttle).equals("PRIMARY_PROTECTED"), fence(shuttle));
        awaitCheck(lastSeat(shuttle));
        incr.process().signal("TERM");
        IncrReport replies = incr.report(IncrReport.class, CLIENT_LIMIT_MILLIS);
        ClientVerdicts.incr(verdicts, replies);
        memory(verdicts, shuttle.seats().subList(0, turns + 1));
        return new Report(replies, List.copyOf(standstills), verdicts.all());
    }

    private static void awaitServed(LoadClient incr) throws IOException {
        long before = incr.replies();
        Await.until("the client is served", SERVED_LIMIT_MILLIS, () -> incr.replies() > before + SERVED_REPLIES);
    }

    private static String fence(Shuttle shuttle) throws IOException {
        JsonNode status = shuttle.primaryStatus();
        return status.path("fence").path("state").asText();
    }

    private Seat lastSeat(Shuttle shuttle) {
        return shuttle.seats().get(turns);
    }

    /** The guest has looked at all of its buffer since it came here. */
    private static void awaitCheck(Seat seat) throws IOException {
        Await.until("the guest finds its memory well", CHECK_LIMIT_MILLIS, () -> console(seat)
                .contains("CHECK thread="));
    }

    private static String console(Seat seat) throws IOException {
        return Files.readString(seat.console(), StandardCharsets.ISO_8859_1);
    }

    /** What the guest itself says of its memory, wherever it was. */
    public static void memory(Verdicts verdicts, List<Seat> stays) throws IOException {
        ByteArrayOutputStream counted = new ByteArrayOutputStream();
        boolean corrupt = false;
        for (Seat seat : stays) {
            corrupt |= console(seat).contains("CORRUPT");
            counted.write(Files.readAllBytes(seat.counter()));
        }
        verdicts.check("no page of the guest's is corrupt", !corrupt, !corrupt);
        Optional<String> fault = CounterSequence.fault(counted.toByteArray());
        verdicts.check(
                "what all stays said on the serial port is one sequence",
                fault.isEmpty(),
                fault.orElse(counted.size() / CounterSequence.LINE_BYTES + " numbers"));
    }
}
