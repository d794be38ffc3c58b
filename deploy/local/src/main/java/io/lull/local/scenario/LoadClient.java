package io.lull.local.scenario;

import io.lull.local.GuestSpec;
import io.lull.local.LocalStack;
import io.lull.local.ManagedProcess;
import io.lull.local.client.ClientLog;
import io.lull.local.client.DownloadClient;
import io.lull.local.client.IncrClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A client process inside the test network, and what it says. */
public record LoadClient(ManagedProcess process, ClientLog log) {
    private static final String REDIS_PORT = "6379";
    private static final String HTTP_PORT = "80";

    /** A closed loop of INCR on one connection. */
    public static LoadClient incr(LocalStack stack, int seconds, String key) throws IOException {
        return start(
                stack,
                "incr",
                List.of(IncrClient.class.getName(), GuestSpec.ADDRESS, REDIS_PORT, String.valueOf(seconds), key));
    }

    /** A download over one connection at a limited rate. */
    public static LoadClient download(LocalStack stack, String path, long bytesPerSecond) throws IOException {
        return start(
                stack,
                "download",
                List.of(
                        DownloadClient.class.getName(),
                        GuestSpec.ADDRESS,
                        HTTP_PORT,
                        path,
                        String.valueOf(bytesPerSecond)));
    }

    private static LoadClient start(LocalStack stack, String name, List<String> mainAndArguments) throws IOException {
        Path log = stack.options().folder().resolve(name + ".jsonl");
        return new LoadClient(stack.own(stack.clientProcess(name, mainAndArguments, log)), new ClientLog(log));
    }

    /** How many replies the client has got so far. */
    public long replies() throws IOException {
        return log.replies().orElse(0L);
    }

    /**
     * Waits for the client's end and returns what it reports.
     *
     * @throws IOException when it does not end, or ends without a report
     */
    public <T> T report(Class<T> type, long limitMillis) throws IOException {
        if (!process.await(limitMillis)) {
            throw new IOException(
                    "client " + process.name() + " does not end within " + limitMillis + " ms: " + process.tail(3));
        }
        return log.report(type);
    }
}
