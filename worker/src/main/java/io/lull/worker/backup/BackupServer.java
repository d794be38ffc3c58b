package io.lull.worker.backup;

import io.lull.worker.protocol.LossKind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for primaries; each connection gets a thread, and only a few may be open at once. */
final class BackupServer implements AutoCloseable {
    /** Connections at once: the session, and peers that haven't proven or said who they are. */
    static final int MAX_CONNECTIONS = 8;

    private static final Logger log = LoggerFactory.getLogger(BackupServer.class);
    private static final int BACKLOG = 16;
    private static final int LOOKS_PER_LIMIT = 8;
    private static final long ACCEPT_PAUSE_MILLIS = 100;

    private final ServerSocketChannel server;
    private final Function<SocketChannel, BackupSession> sessions;
    private final Dropped dropped;
    private final Map<BackupSession, Arrival> open = new ConcurrentHashMap<>();

    /** Hears of connections that are dropped before they are a session. */
    interface Dropped {
        void dropped(SocketAddress peer, String why);
    }

    /** Used by the accepting thread alone. */
    private long arrivals;

    private final Thread thread = new Thread(this::acceptLoop, "lull-backup-accept");
    private final ScheduledExecutorService timer = new ScheduledThreadPoolExecutor(1, task -> {
        Thread timerThread = new Thread(task, "lull-backup-timer");
        timerThread.setDaemon(true);
        return timerThread;
    });

    /**
     * Binds and listens; {@link #start} accepts.
     *
     * @param sessions makes a session of a connection, without starting it
     */
    BackupServer(InetSocketAddress address, Function<SocketChannel, BackupSession> sessions, Dropped dropped)
            throws IOException {
        this.sessions = sessions;
        this.dropped = dropped;
        this.server = ServerSocketChannel.open();
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(address, BACKLOG);
        } catch (IOException e) {
            server.close();
            throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
        }
        thread.setDaemon(true);
    }

    /** Accepts from now on, and runs {@code tick} and the sessions' limits several times in each limit. */
    void start(BackupOptions.Timing timing, Runnable tick) {
        long shortest = Math.min(timing.handshakeLimitNanos(), timing.silenceLimitNanos());
        long periodNanos = Math.max(1, shortest / LOOKS_PER_LIMIT);
        timer.scheduleWithFixedDelay(() -> look(tick), periodNanos, periodNanos, TimeUnit.NANOSECONDS);
        thread.start();
    }

    /** What it throws would be the end of all further looks, and of this backup's use, without a word. */
    private void look(Runnable tick) {
        try {
            open.keySet().forEach(BackupSession::check);
            tick.run();
        } catch (RuntimeException | Error e) {
            log.error("Bug in what a backup looks after now and then; it goes on", e);
        }
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) server.getLocalAddress();
    }

    int connections() {
        return open.size();
    }

    void forget(BackupSession session) {
        open.remove(session);
    }

    private void acceptLoop() {
        while (server.isOpen()) {
            try {
                accepted(server.accept());
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                log.warn("Accepting a connection failed: {}", e.toString());
                pause();
            } catch (RuntimeException | Error e) {
                log.error("A connection could not be made a session, and is dropped; others are accepted", e);
                pause();
            }
        }
    }

    private void accepted(SocketChannel channel) throws IOException {
        if (open.size() >= MAX_CONNECTIONS) {
            String why = "more than " + MAX_CONNECTIONS + " connections";
            SocketAddress peer = channel.getRemoteAddress();
            channel.close();
            dropped.dropped(peer, why);
            return;
        }
        started(session(channel), channel);
        if (open.size() >= MAX_CONNECTIONS) {
            makeRoom();
        }
    }

    private void started(BackupSession session, SocketChannel channel) throws IOException {
        open.put(session, new Arrival(arrivals++, channel.socket().getInetAddress()));
        try {
            session.start();
        } catch (RuntimeException | Error e) {
            open.remove(session);
            channel.close();
            throw e;
        }
    }

    private BackupSession session(SocketChannel channel) throws IOException {
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            return sessions.apply(channel);
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    /** Keeps a place for whoever comes next, so that a crowd which proves nothing can't keep a primary out. */
    private void makeRoom() {
        Optional<Arrival> leaves =
                Arrival.mostCrowding(strangers().map(Map.Entry::getValue).toList());
        strangers()
                .filter(each -> leaves.filter(each.getValue()::equals).isPresent())
                .forEach(each -> each.getKey().close(LossKind.CLOSED_HERE, "it has proven nothing and others wait"));
    }

    private Stream<Map.Entry<BackupSession, Arrival>> strangers() {
        return open.entrySet().stream().filter(each -> each.getKey().isStranger());
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(ACCEPT_PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops listening, ends all connections and waits for them. */
    @Override
    public void close() throws IOException {
        server.close();
        timer.shutdownNow();
        try {
            thread.join();
            for (BackupSession session : open.keySet()) {
                session.close(LossKind.CLOSED_HERE, "the backup is closing");
                session.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
