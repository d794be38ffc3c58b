package io.lull.bench.fuzz.siege;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lull.bench.fuzz.Mutations;
import io.lull.bench.fuzz.parser.Target;
import io.lull.bench.fuzz.parser.TargetKind;
import io.lull.producer.qemu.QmpClient;
import io.lull.producer.qemu.QmpException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The QMP client against a hostile QEMU: whatever it sends, every call ends, with an answer or a {@link QmpException}, and
 * nothing of a closed client is left.
 */
final class QmpSiege implements Siege {
    /** How long the client may take to end a call: QEMU's time to answer, and what the machine needs. */
    private static final long CALL_LIMIT_SECONDS = 20;

    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final int CALLS = 3;
    private static final int SILENT_ONE_IN = 200;
    private static final int LOUD_MANNERS = 5;

    private final Path folder;
    private final List<String> violations = new ArrayList<>();
    private int connected;
    private int answered;
    private int refused;

    QmpSiege(Path folder) {
        this.folder = folder;
    }

    @Override
    public Outcome run(long seed, int connections) throws Exception {
        Path socket = folder.resolve("qmp");
        Leftovers leftovers = new Leftovers("qmp-");
        SplittableRandom random = new SplittableRandom(seed);
        try (Target target = TargetKind.QMP.open(folder);
                HostileQemu qemu = new HostileQemu(socket, new Mutations(target, seed))) {
            for (int i = 0; i < connections; i++) {
                qemu.next(any(random));
                converse(socket);
            }
        }
        violations.addAll(leftovers.look());
        String report = String.format(
                "%,d connections, %,d got through the greeting; of their calls %,d were answered, %,d failed; %s",
                connections, connected, answered, refused, leftovers.text());
        return new Outcome(report, violations);
    }

    /** Silence is rare, since it takes its time. */
    private static HostileQemu.Manner any(SplittableRandom random) {
        return random.nextInt(SILENT_ONE_IN) == 0
                ? HostileQemu.Manner.KEEPS_SILENT
                : List.of(
                                HostileQemu.Manner.RAVES,
                                HostileQemu.Manner.TURNS,
                                HostileQemu.Manner.TURNS,
                                HostileQemu.Manner.FORETELLS,
                                HostileQemu.Manner.HANGS_UP)
                        .get(random.nextInt(LOUD_MANNERS));
    }

    private void converse(Path socket) throws InterruptedException {
        CompletableFuture<QmpClient> connecting = CompletableFuture.supplyAsync(() -> {
            try {
                return QmpClient.connect(socket, event -> {}, TIMEOUT);
            } catch (QmpException e) {
                throw new CompletionException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        try (QmpClient client = connecting.get(CALL_LIMIT_SECONDS, TimeUnit.SECONDS)) {
            connected++;
            for (int i = 0; i < CALLS; i++) {
                call(client);
            }
        } catch (TimeoutException e) {
            violations.add("connecting took more than " + CALL_LIMIT_SECONDS + " s");
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof QmpException)) {
                violations.add("connecting failed by " + e.getCause());
            }
        }
    }

    private void call(QmpClient client) throws InterruptedException {
        CompletableFuture<JsonNode> call = CompletableFuture.supplyAsync(
                        () -> client.execute("query-status", JsonNodeFactory.instance.objectNode(), TIMEOUT))
                .thenCompose(answer -> answer);
        try {
            call.get(CALL_LIMIT_SECONDS, TimeUnit.SECONDS);
            answered++;
        } catch (TimeoutException e) {
            violations.add("a command did not end within " + CALL_LIMIT_SECONDS + " s");
        } catch (ExecutionException e) {
            refused++;
            if (!(e.getCause() instanceof QmpException)) {
                violations.add("a command failed by " + e.getCause());
            }
        }
    }
}
