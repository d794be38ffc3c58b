package io.lull.worker.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lull.worker.qemu.Qmp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * QEMU as far as filters of one netdev go, from its sources (net/filter.c, net/filter-buffer.c, net/filter-mirror.c): a list
 * that what the guest sends goes through from its end, and the network behind its beginning.
 */
final class ModelQemu implements Qmp {
    static final String NETDEV = "n0";

    private final List<Filter> filters = new ArrayList<>();
    private final Map<String, Optional<String>> devices = new TreeMap<>();
    private final List<Long> left = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private Optional<String> refused = Optional.empty();
    private boolean gone;

    /** @param device empty of a buffer; a redirector gives all to its device, and nothing comes back */
    private record Filter(String id, Optional<String> device, List<Long> held) {}

    /** The guest sends. */
    synchronized void send(long tag) {
        pass(tag, filters.size());
    }

    /** Hands a frame to the filters nearer to the network than the one at {@code from}. */
    private void pass(long tag, int from) {
        if (from == 0) {
            left.add(tag);
            return;
        }
        Filter next = filters.get(from - 1);
        if (next.device().isEmpty()) {
            next.held().add(tag);
        }
    }

    /** So much of the guest's time passes that every buffer lets go what it has. */
    synchronized void intervalEnds() {
        for (int i = 0; i < filters.size(); i++) {
            flush(i);
        }
    }

    private void flush(int at) {
        List<Long> held = List.copyOf(filters.get(at).held());
        filters.get(at).held().clear();
        held.forEach(tag -> pass(tag, at));
    }

    synchronized List<Long> left() {
        return List.copyOf(left);
    }

    /** Commands carried out since the last call, with the id that they name. */
    synchronized List<String> takeDone() {
        List<String> taken = List.copyOf(done);
        done.clear();
        return taken;
    }

    /** Refuses commands that begin so, until another is to be refused; the empty word refuses none. */
    synchronized void refuse(String call) {
        refused = call.isEmpty() ? Optional.empty() : Optional.of(call);
    }

    synchronized void forgetLeft() {
        left.clear();
    }

    synchronized void end() {
        gone = true;
    }

    /** What was put in and is there. */
    synchronized List<String> parts() {
        List<String> parts = new ArrayList<>(devices.keySet());
        filters.forEach(filter -> parts.add(filter.id()));
        return parts;
    }

    @Override
    public synchronized JsonNode execute(String command, Map<String, ?> arguments) throws IOException {
        if (gone) {
            throw new IOException("QEMU is gone");
        }
        if (command.equals("query-chardev")) {
            return named("label", List.copyOf(devices.keySet()));
        }
        if (command.equals("qom-list")) {
            return named("name", filters.stream().map(Filter::id).toList());
        }
        String id = String.valueOf(Objects.requireNonNull(arguments.get("id")));
        String call = command + " " + id;
        if (refused.filter(call::startsWith).isPresent()) {
            throw new IOException("refused: " + call);
        }
        switch (command) {
            case "chardev-add" -> require(devices.putIfAbsent(id, Optional.empty()) == null, call);
            case "chardev-remove" -> require(Optional.empty().equals(devices.remove(id)), call);
            case "object-add" -> add(id, arguments);
            case "object-del" -> delete(id);
            default -> throw new IOException("unknown: " + call);
        }
        done.add(call);
        if (Thread.currentThread().isInterrupted()) {
            // As at the real one: the command is on its way, and its answer is not waited for.
            throw new IOException("interrupted");
        }
        return JsonNodeFactory.instance.objectNode();
    }

    private void add(String id, Map<String, ?> arguments) throws IOException {
        require(at(id) < 0 && NETDEV.equals(arguments.get("netdev")) && "rx".equals(arguments.get("queue")), id);
        Optional<String> device = Optional.empty();
        if ("filter-redirector".equals(arguments.get("qom-type"))) {
            device = Optional.of(String.valueOf(arguments.get("outdev")));
            require(
                    Optional.empty().equals(devices.get(device.get())),
                    "the device of " + id + " is in use, or missing");
            devices.put(device.get(), Optional.of(id));
        }
        filters.add(place(arguments), new Filter(id, device, new ArrayList<>()));
    }

    private int place(Map<String, ?> arguments) throws IOException {
        Object position = arguments.get("position");
        if (position == null) {
            return filters.size();
        }
        if (position.equals("head")) {
            return 0;
        }
        int other = at(String.valueOf(position).substring("id=".length()));
        require(other >= 0 && "before".equals(arguments.get("insert")), String.valueOf(position));
        return other;
    }

    private void delete(String id) throws IOException {
        int at = at(id);
        require(at >= 0, "no " + id);
        flush(at);
        filters.remove(at).device().ifPresent(device -> devices.put(device, Optional.empty()));
    }

    private int at(String id) {
        return filters.stream().map(Filter::id).toList().indexOf(id);
    }

    private static void require(boolean holds, String what) throws IOException {
        if (!holds) {
            throw new IOException("QEMU refuses: " + what);
        }
    }

    private static JsonNode named(String field, List<String> names) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        names.forEach(name -> list.addObject().put(field, name));
        return list;
    }
}
