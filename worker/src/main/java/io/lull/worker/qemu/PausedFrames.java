package io.lull.worker.qemu;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The frames that QEMU keeps back while its guest is paused, which must not leave when it goes on late.
 *
 * <p>A gate may let frames go while the guest stands still. QEMU takes them, and hands them to the network only when the guest runs
 * again (net.c: who doesn't run doesn't send). When the worker died meanwhile, the VM may run elsewhere by then, and
 * frames of the old place would lead switches back to it. So whoever frees a guest that somebody else had paused takes the network's
 * link down before, which has QEMU drop them, and up again once the guest runs. They are lost as on any network; the guest may see
 * its carrier go for some milliseconds, and then forgets its neighbours' addresses.
 *
 * <p>A gate that stands behind QEMU needs none of this: what it lets go leaves at once, and what QEMU kept meets it afterwards.
 *
 * <pre>
 *   UP --cutOff: the guest doesn't run--&gt; DOWN --reconnect: it runs, or doesn't for {@value #MAX_LOOKS} looks--&gt; UP
 *   UP or DOWN --connect--&gt; UP
 * </pre>
 *
 * <p>An instance lives as long as the guest is tried to be freed: the link is up again even if an attempt in between failed. One thread.
 */
public final class PausedFrames {
    private static final Logger LOG = LoggerFactory.getLogger(PausedFrames.class);
    private static final String SET_LINK = "set_link";
    private static final long LOOK_MILLIS = 5;
    /** 2 s in all: who frees a guest waits for no other cause of its standing still. */
    private static final int MAX_LOOKS = 400;

    /** Whether frames can leave. */
    private enum Link {
        UP,
        DOWN
    }

    private final Optional<String> netdev;
    private Link link = Link.UP;

    /** @param netdev whose frames; empty when output isn't held there, and then nothing is done */
    public PausedFrames(Optional<String> netdev) {
        this.netdev = netdev;
    }

    /**
     * Before a guest is freed: if it is paused, nothing that waits for it to run leaves.
     *
     * @throws IOException when QEMU doesn't answer, or refuses
     */
    public void cutOff(Qmp qmp) throws IOException {
        if (netdev.isPresent() && link == Link.UP && !runs(qmp)) {
            become(Link.DOWN, qmp, "the guest is paused");
        }
    }

    /**
     * After it was freed: waits until it runs, and connects it again. A guest that doesn't run has another cause to stand still, and is
     * connected too.
     *
     * @throws IOException when QEMU doesn't answer, or refuses: the link may be down then
     */
    public void reconnect(Qmp qmp) throws IOException {
        if (link == Link.DOWN) {
            String reason = awaitRunning(qmp) ? "it runs" : "it stands still for another cause";
            become(Link.UP, qmp, reason);
        }
    }

    /**
     * As {@link #reconnect}, and connects it too when it wasn't disconnected here: whoever did so may have died before he connected it
     * again.
     *
     * @throws IOException when QEMU doesn't answer, or refuses: the link may be down then
     */
    public void connect(Qmp qmp) throws IOException {
        if (link == Link.DOWN) {
            reconnect(qmp);
        } else if (netdev.isPresent()) {
            become(Link.UP, qmp, "nobody else will");
        }
    }

    /** Whether the network is disconnected, or QEMU was told so and did not answer. */
    public boolean areCutOff() {
        return link == Link.DOWN;
    }

    /** The one transition. */
    private void become(Link next, Qmp qmp, String reason) throws IOException {
        if (next == Link.DOWN) {
            // A command that isn't answered in time may be carried out yet.
            link = next;
        }
        qmp.execute(SET_LINK, Map.of("name", netdev.orElseThrow(), "up", next == Link.UP));
        LOG.info("link of {} -> {}: {}", netdev.orElseThrow(), next, reason);
        link = next;
    }

    private static boolean awaitRunning(Qmp qmp) throws IOException {
        for (int look = 0; look < MAX_LOOKS; look++) {
            if (runs(qmp)) {
                return true;
            }
            try {
                // An event would tell, but not of what was before this monitor was connected.
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    private static boolean runs(Qmp qmp) throws IOException {
        return qmp.execute("query-status", Map.of()).path("running").asBoolean(true);
    }
}
