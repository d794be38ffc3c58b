package io.lull.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The processes of {@code cluster.sh}, started, ended and asked by that script alone. */
final class Cluster implements AutoCloseable {
    private static final Path SCRIPT = Path.of("cluster.sh").toAbsolutePath();
    private static final int PORTS = 16;
    private static final int LOWEST_PORT = 20_000;
    private static final int HIGHEST_PORT = 30_000;
    private static final int REST_PORT = 5;
    private static final int METRICS_PORT = 6;
    private static final long SCRIPT_SECONDS = 180;

    /** Processes here live for seconds: they must start soon, and need not become fast. */
    private static final String QUICK_START = "-XX:TieredStopAtLevel=1";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final int ports;
    private final HttpClient http = HttpClient.newHttpClient();

    private Cluster(Path folder, int ports) {
        this.folder = folder;
        this.ports = ports;
    }

    static Cluster start(Path folder, int taskManagers) throws IOException, InterruptedException {
        Cluster cluster = new Cluster(folder, freePorts());
        try {
            cluster.run("start", Integer.toString(taskManagers));
            return cluster;
        } catch (IOException e) {
            cluster.close();
            throw e;
        }
    }

    private static int freePorts() throws IOException {
        Random random = new Random();
        for (int attempt = 0; attempt < 100; attempt++) {
            int first = LOWEST_PORT + random.nextInt(HIGHEST_PORT - LOWEST_PORT);
            if (areFree(first)) {
                return first;
            }
        }
        throw new IOException("no " + PORTS + " free ports in a row");
    }

    private static boolean areFree(int first) {
        for (int port = first; port < first + PORTS; port++) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                socket.setReuseAddress(true);
            } catch (IOException taken) {
                return false;
            }
        }
        return true;
    }

    String bootstrapServers() {
        return "127.0.0.1:" + ports;
    }

    Path folder() {
        return folder;
    }

    /** Runs the script; returns what it prints, without the last line's end. An {@link IOException} has its errors. */
    String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("cluster", ".out");
        Path errors = Files.createTempFile("cluster", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(errors.toFile());
        builder.environment().put("LULL_CLUSTER", folder.toString());
        builder.environment().put("LULL_PORTS", Integer.toString(ports));
        builder.environment().put("LULL_JVM", QUICK_START);
        Process process = builder.start();
        try {
            if (!process.waitFor(SCRIPT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command + " did not end within " + SCRIPT_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                throw new IOException(command + " ended with " + process.exitValue() + ": " + read(errors));
            }
            return read(out);
        } finally {
            Files.delete(out);
            Files.delete(errors);
        }
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8).strip();
    }

    /** SIGKILL; the script is not asked, since whoever kills a process doesn't ask either. */
    void kill(String name) throws IOException, InterruptedException {
        ProcessHandle process = ProcessHandle.of(pid(name)).orElseThrow();
        process.destroyForcibly();
        while (process.isAlive()) {
            Thread.sleep(10);
        }
    }

    long pid(String name) throws IOException {
        return Long.parseLong(read(folder.resolve("pid").resolve(name)));
    }

    /** The processes that were started and have not been stopped. */
    List<String> processes() throws IOException {
        try (var files = Files.list(folder.resolve("pid"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Flink's answer to a GET. */
    JsonNode ask(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(ports + REST_PORT, path);
        return JSON.readTree(answer.body());
    }

    /** Whether the job has state RUNNING, and all its tasks too, with this parallelism. */
    boolean runsAt(String job, int parallelism) throws InterruptedException {
        try {
            JsonNode answer = ask("/jobs/" + job);
            if (!answer.path("state").asText().equals("RUNNING")) {
                return false;
            }
            for (JsonNode vertex : answer.path("vertices")) {
                int running = vertex.path("tasks").path("RUNNING").asInt();
                if (vertex.path("parallelism").asInt() != parallelism || running != parallelism) {
                    return false;
                }
            }
            return true;
        } catch (IOException jobManagerIsAway) {
            return false;
        }
    }

    /** How many TaskManagers the JobManager knows; 0 while there is no JobManager. */
    int taskManagers() throws InterruptedException {
        try {
            return ask("/overview").path("taskmanagers").asInt();
        } catch (IOException jobManagerIsAway) {
            return 0;
        }
    }

    int flinkCheckpoints(String job) throws IOException, InterruptedException {
        return ask("/jobs/" + job + "/checkpoints")
                .path("counts")
                .path("completed")
                .asInt();
    }

    /** The name of a TaskManager that has tasks of the job. */
    String taskManagerOf(String job) throws IOException, InterruptedException {
        String vertex = ask("/jobs/" + job).path("vertices").path(0).path("id").asText();
        return ask("/jobs/" + job + "/vertices/" + vertex + "/taskmanagers")
                .path("taskmanagers")
                .path(0)
                .path("taskmanager-id")
                .asText();
    }

    /** The page of a Prometheus reporter on which a line is as wanted; empty when there is none. */
    String metricsPage(Predicate<String> wanted) throws InterruptedException {
        for (int port = ports + METRICS_PORT; port < ports + PORTS; port++) {
            try {
                String page = get(port, "/metrics").body();
                if (page.lines().anyMatch(wanted)) {
                    return page;
                }
            } catch (IOException nobodyListens) {
                continue;
            }
        }
        return "";
    }

    private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(java.time.Duration.ofSeconds(10))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("stop");
    }
}
