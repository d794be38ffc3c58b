package io.lull.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A network namespace with a bridge and a TAP device for each of primary and standby; removed on close. */
public final class LocalNetwork implements AutoCloseable {
    private static final long LIMIT_SECONDS = 30;

    private final Path script;
    private final String name;

    private LocalNetwork(Path script, String name) {
        this.script = script;
        this.name = name;
    }

    /**
     * Makes the network.
     *
     * @throws IOException without root or TAP devices; one line
     */
    public static LocalNetwork up(Path root, String name) throws IOException {
        LocalNetwork network = new LocalNetwork(root.resolve("deploy/net/net.sh"), name);
        network.run("up");
        return network;
    }

    /** {@code command} as it is run inside the network. */
    public List<String> inside(List<String> command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", "lull-" + name));
        all.addAll(command);
        return all;
    }

    private void run(String verb) throws IOException {
        Process process = new ProcessBuilder(script.toString(), verb, name)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("the test network could not be set " + verb + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while setting the test network " + verb, e);
        }
    }

    @Override
    public void close() {
        try {
            run("down");
        } catch (IOException e) {
            System.err.println(e.getMessage());
        }
    }
}
