package io.lull.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Holds a value against the schema of a custom resource, more strictly than Kubernetes does: a field that the schema
 * doesn't have is an error, where the API server would drop it in silence.
 */
final class CrdSchema {
    private final JsonNode schema;

    private CrdSchema(JsonNode schema) {
        this.schema = schema;
    }

    /** The schema of a version of a CustomResourceDefinition. */
    static CrdSchema of(JsonNode definition, String version) {
        for (JsonNode candidate : definition.at("/spec/versions")) {
            if (candidate.path("name").asText().equals(version)) {
                return new CrdSchema(candidate.at("/schema/openAPIV3Schema"));
            }
        }
        throw new IllegalArgumentException(
                "the definition of " + definition.at("/spec/names/kind").asText() + " has no version " + version);
    }

    /** One line for each thing that is wrong with {@code resource}. */
    List<String> errorsOf(JsonNode resource) {
        List<String> errors = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : resource.properties()) {
            // What every resource has is not in its own schema.
            if (!List.of("apiVersion", "kind", "metadata").contains(field.getKey())) {
                check(schema.path("properties").path(field.getKey()), field.getValue(), field.getKey(), errors);
            }
        }
        return errors;
    }

    private static void check(JsonNode schema, JsonNode value, String path, List<String> errors) {
        if (schema.isMissingNode()) {
            errors.add(path + ": no such field");
            return;
        }
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            if (!value.isTextual() && !value.isIntegralNumber()) {
                errors.add(path + ": a number or a string is wanted, is " + value);
            }
            return;
        }
        checkType(schema, value, path, errors);
        checkChoice(schema, value, path, errors);
        if (value.isObject()) {
            checkFields(schema, value, path, errors);
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                check(schema.path("items"), value.get(i), path + "[" + i + "]", errors);
            }
        }
    }

    private static void checkFields(JsonNode schema, JsonNode value, String path, List<String> errors) {
        for (JsonNode required : schema.path("required")) {
            if (!value.has(required.asText())) {
                errors.add(path + ": field " + required.asText() + " is missing");
            }
        }
        boolean open = schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            JsonNode known = schema.path("properties").path(field.getKey());
            JsonNode any = schema.path("additionalProperties");
            if (!known.isMissingNode()) {
                check(known, field.getValue(), path + "." + field.getKey(), errors);
            } else if (any.isObject()) {
                check(any, field.getValue(), path + "." + field.getKey(), errors);
            } else if (!open && !any.asBoolean()) {
                errors.add(path + "." + field.getKey() + ": no such field");
            }
        }
    }

    private static void checkType(JsonNode schema, JsonNode value, String path, List<String> errors) {
        String type = schema.path("type").asText();
        boolean fits =
                switch (type) {
                    case "object" -> value.isObject();
                    case "array" -> value.isArray();
                    case "string" -> value.isTextual();
                    case "integer" -> value.isIntegralNumber();
                    case "number" -> value.isNumber();
                    case "boolean" -> value.isBoolean();
                    case "" -> true;
                    default -> throw new IllegalArgumentException("a schema's type '" + type + "' is not known here");
                };
        if (!fits) {
            errors.add(path + ": " + type + " is wanted, is " + value);
        }
    }

    private static void checkChoice(JsonNode schema, JsonNode value, String path, List<String> errors) {
        JsonNode choices = schema.path("enum");
        if (choices.isArray()) {
            for (JsonNode choice : choices) {
                if (choice.equals(value)) {
                    return;
                }
            }
            errors.add(path + ": " + value + " is none of " + choices);
        }
        if (schema.has("pattern")
                && !value.asText().matches(schema.get("pattern").asText())) {
            errors.add(path + ": " + value + " does not match " + schema.get("pattern"));
        }
        if (schema.has("minimum") && value.asDouble() < schema.get("minimum").asDouble()) {
            errors.add(path + ": " + value + " is below " + schema.get("minimum"));
        }
    }
}
