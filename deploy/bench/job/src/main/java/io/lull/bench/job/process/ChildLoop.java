package io.lull.bench.job.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The other side of {@link ChildJvm}: says that the process is ready, answers each line of its input, and ends the
 * process when the input ends. {@code heap} is answered with the bytes that are live after a garbage collection.
 */
public final class ChildLoop {
    public static final String READY = "READY";
    public static final String HEAP = "HEAP";

    private final Map<String, Supplier<String>> answers = new HashMap<>();

    public ChildLoop() {
        answers.put("heap", () -> HEAP + " " + liveBytes());
    }

    /** Answers {@code line} with what {@code answer} says. */
    public ChildLoop on(String line, Supplier<String> answer) {
        answers.put(line, answer);
        return this;
    }

    /** Says that the process is ready, with what its starter has to know; returns when the input ends. */
    public void run(String ready) throws IOException {
        say(READY + " " + ready);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Supplier<String> answer = answers.get(line);
            if (answer == null) {
                throw new IllegalArgumentException("'" + line + "' is nothing that this process answers");
            }
            say(answer.get());
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private static long liveBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
