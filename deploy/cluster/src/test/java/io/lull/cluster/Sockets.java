package io.lull.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What processes listen on, as {@code ss} tells. */
final class Sockets {
    private static final Pattern PID = Pattern.compile("pid=(\\d+)");

    private Sockets() {}

    /** The local addresses on which these processes listen, {@code address:port}. */
    static List<String> listening(Set<Long> pids) throws IOException, InterruptedException {
        Process ss = new ProcessBuilder("ss", "-H", "-l", "-t", "-n", "-p")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String all = new String(ss.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (ss.waitFor() != 0) {
            throw new IOException("ss ended with " + ss.exitValue());
        }
        return all.lines()
                .filter(line -> pids.contains(pid(line)))
                .map(line -> line.trim().split("\\s+")[3])
                .toList();
    }

    private static long pid(String line) {
        Matcher matcher = PID.matcher(line);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }
}
