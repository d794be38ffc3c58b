package io.lull.schemas.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;

/** The schemas as they were released: records written with any of them can still be read. */
public final class ReleasedSchemas {
    /** The released versions, oldest first; each has a folder of its name with one schema for each record. */
    public static final List<String> VERSIONS = List.of("v1");

    /** Records that no release has yet. */
    private static final Set<String> UNRELEASED = Set.of("SampleBatch", "FenceRecord");

    private ReleasedSchemas() {}

    /** The released versions of a record's schema, oldest first; none of a record that no release has yet. */
    public static List<Schema> of(String recordName) {
        if (UNRELEASED.contains(recordName)) {
            return List.of();
        }
        List<Schema> schemas = new ArrayList<>();
        for (String version : VERSIONS) {
            schemas.add(load(version, recordName));
        }
        return List.copyOf(schemas);
    }

    private static Schema load(String version, String recordName) {
        String path = "/released/" + version + "/" + recordName + ".avsc";
        try (InputStream in = ReleasedSchemas.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException(
                        "released schema " + path + " is missing from the jar; put the file back, it is never removed");
            }
            return new Schema.Parser().parse(in);
        } catch (IOException e) {
            throw new IllegalStateException("released schema " + path + " can't be read", e);
        }
    }
}
