package io.lull.bench.fuzz.siege;

import io.lull.bench.fuzz.Mutations;
import io.lull.bench.fuzz.parser.Target;
import io.lull.worker.wire.Wired;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that connect to a port again and again and attack it. */
final class Besiegers {
    private static final int THREADS = 4;
    private static final int MOST_FAULTS = 20;
    private static final int TLS_ONE_IN = 8;

    private final InetSocketAddress port;
    private final Target sessions;
    private final Judges judges;
    private final Optional<TlsPeers> tlsPeers;
    private final AtomicInteger left;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, Integer> done = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();

    /** Says what is wrong with an answer to a hostile peer; nothing when nothing is. */
    @FunctionalInterface
    interface Judge {
        String fault(byte[] answer);
    }

    /**
     * How answers are judged.
     *
     * @param strangers those to peers that have proven nothing
     * @param proven those to peers that have proven to be the primary
     */
    record Judges(Judge strangers, Judge proven) {
        /** For a backup that serves a primary already: nobody else gets more than others. */
        static Judges serving(Judge all) {
            return new Judges(all, all);
        }
    }

    /**
     * Begins.
     *
     * @param sessions whose input is mutated; its corpus alone is used, by all threads
     * @param protection of the port; where it is TLS, some of the peers speak it
     */
    Besiegers(InetSocketAddress port, Wired protection, Target sessions, long seed, int connections, Judges judges) {
        this.port = port;
        this.sessions = sessions;
        this.judges = judges;
        this.tlsPeers = protection == Wired.TLS ? Optional.of(new TlsPeers(port)) : Optional.empty();
        this.left = new AtomicInteger(connections);
        for (int i = 0; i < THREADS; i++) {
            long own = seed * THREADS + i;
            Thread thread = new Thread(() -> besiege(own), "besieger-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    boolean atWork() {
        return threads.stream().anyMatch(Thread::isAlive);
    }

    void join() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void besiege(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Mutations mutated = new Mutations(sessions, seed);
        while (left.getAndDecrement() > 0) {
            try {
                if (tlsPeers.isPresent() && random.nextInt(TLS_ONE_IN) == 0) {
                    attack(tlsPeers.get(), mutated.next(), random);
                } else {
                    attack(Attack.any(random), mutated.next(), random);
                }
            } catch (Attack.KeptOpenException e) {
                fault(String.valueOf(e.getMessage()));
            } catch (IOException e) {
                // Dropped, or not let in: what a hostile peer is to expect.
                continue;
            } catch (RuntimeException e) {
                fault("the besieger of seed " + seed + " failed: " + e);
            }
        }
    }

    private void attack(Attack attack, byte[] session, SplittableRandom random) throws IOException {
        count(attack.name());
        try (Socket socket = new Socket()) {
            socket.connect(port, Attack.CONNECT_MILLIS);
            for (byte[] answer : attack.send(socket, session, random)) {
                judge(attack.name(), judges.strangers().fault(answer));
            }
        }
    }

    /** Who can't prove to be the primary gets nothing at all; who can is a primary like another. */
    private void attack(TlsPeers peers, byte[] session, SplittableRandom random) throws IOException {
        TlsPeers.Who who = TlsPeers.any(random);
        count(who.name());
        byte[] answer = peers.attack(who, session, random);
        if (who == TlsPeers.Who.OF_PRIMARY) {
            judge(who.name(), judges.proven().fault(answer));
        } else if (answer.length > 0) {
            judge(who.name(), "got " + answer.length + " bytes");
        }
    }

    private void judge(String who, String fault) {
        if (!fault.isEmpty()) {
            fault(who + " " + fault);
        }
    }

    private synchronized void count(String attack) {
        done.merge(attack, 1, Integer::sum);
    }

    private synchronized void fault(String fault) {
        if (faults.size() < MOST_FAULTS) {
            faults.add(fault);
        }
    }

    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    /** Attacks by kind, in words. */
    synchronized String text() {
        return done.toString();
    }
}
