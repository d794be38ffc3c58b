package io.lull.worker.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The id by which a backup took the VM that a QEMU runs, kept in that QEMU: the primary worker that serves it later reads it
 * there and shows it at the fence, which has the VM under that id. It ends with the process that it is about, so no other
 * QEMU can be mistaken for it; and it outlives the backup worker.
 *
 * <p>It is the identity of an {@code authz-simple} object, which nothing in QEMU refers to.
 */
public final class TakerMark {
    private static final String ID = "lull-taken-by";

    private TakerMark() {}

    /**
     * Puts it into a QEMU that has none, before the VM runs there.
     *
     * @throws IOException when QEMU doesn't take it
     */
    public static void put(Qmp qmp, UUID taker) throws IOException {
        qmp.execute("object-add", Map.of("qom-type", "authz-simple", "id", ID, "identity", taker.toString()));
    }

    /**
     * What is in a QEMU; empty in one whose VM no backup took.
     *
     * @throws IOException when QEMU doesn't say, or what is there is no id
     */
    public static Optional<UUID> read(Qmp qmp) throws IOException {
        for (JsonNode object : qmp.execute("qom-list", Map.of("path", "/objects"))) {
            if (object.path("name").asText().equals(ID)) {
                String identity = qmp.execute("qom-get", Map.of("path", "/objects/" + ID, "property", "identity"))
                        .asText();
                return Optional.of(idOf(identity));
            }
        }
        return Optional.empty();
    }

    private static UUID idOf(String identity) throws IOException {
        try {
            return UUID.fromString(identity);
        } catch (IllegalArgumentException e) {
            throw new IOException("QEMU's object " + ID + " bears '" + identity + "', which is no id of Lull's", e);
        }
    }
}
