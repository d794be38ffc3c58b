package io.lull.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where the job's jar for a cluster is. */
final class JobJar {
    private static final Path FOLDER = Path.of("../../job/target");

    private JobJar() {}

    static Path path() throws IOException {
        try (var files = Files.list(FOLDER)) {
            List<Path> jars = files.filter(file -> file.getFileName().toString().matches("lull-job-.*-cluster\\.jar"))
                    .toList();
            if (jars.size() != 1) {
                throw new IOException(FOLDER.toAbsolutePath() + " should have one lull-job-*-cluster.jar, has " + jars
                        + "; run mvn package");
            }
            return jars.get(0);
        }
    }
}
