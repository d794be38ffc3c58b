package io.lull.worker.output;

/**
 * Where in a VM a gate goes.
 *
 * @param idPrefix the QEMU ids of the gate's parts begin with this; unique in the VM
 * @param netdev the id of the netdev whose output is held; no vhost, one queue
 * @param sockets where QEMU shall listen; their folder must be closed to other users, who could else read the traffic
 * @param vnetHeader whether frames carry the length of their vnet header; true is right for every netdev, and the
 *     gate that is opened must be configured alike
 */
public record GatePlacement(String idPrefix, String netdev, GateSockets sockets, boolean vnetHeader) {
    static final String OUT = "out";
    static final String IN = "in";
    static final String MIRROR = "mirror";
    static final String REDIRECT = "redirect";
    static final String COPY = "copy";

    /** The prefix of the gate with this number; see {@link EarlierGates}. */
    public static String prefix(String name, int number) {
        return name + "-" + number;
    }

    String outId() {
        return id(OUT);
    }

    String inId() {
        return id(IN);
    }

    String mirrorId() {
        return id(MIRROR);
    }

    String redirectFilterId() {
        return id(REDIRECT);
    }

    String mirrorFilterId() {
        return id(COPY);
    }

    private String id(String part) {
        return idPrefix + "-" + part;
    }
}
