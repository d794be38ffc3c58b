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
    String outId() {
        return idPrefix + "-out";
    }

    String inId() {
        return idPrefix + "-in";
    }

    String mirrorId() {
        return idPrefix + "-mirror";
    }

    String redirectFilterId() {
        return idPrefix + "-redirect";
    }

    String mirrorFilterId() {
        return idPrefix + "-copy";
    }
}
