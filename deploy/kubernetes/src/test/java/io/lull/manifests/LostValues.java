package io.lull.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/** Finds what a manifest says and Strimzi's classes don't take: a word that an enum lacks becomes nothing, in silence. */
final class LostValues {
    private LostValues() {}

    /** Adds the path of each value in {@code written} that is not the same in {@code read}, which may hold more. */
    static void look(JsonNode written, JsonNode read, String path, List<String> lost) {
        if (written.isObject() && read.isObject()) {
            for (Map.Entry<String, JsonNode> field : written.properties()) {
                look(field.getValue(), read.path(field.getKey()), path + "." + field.getKey(), lost);
            }
        } else if (written.isArray() && read.isArray() && written.size() == read.size()) {
            for (int i = 0; i < written.size(); i++) {
                look(written.get(i), read.get(i), path + "[" + i + "]", lost);
            }
        } else if (!written.asText().equals(read.asText()) || written.isContainerNode()) {
            lost.add(path + ": " + written + " was read as " + read);
        }
    }
}
