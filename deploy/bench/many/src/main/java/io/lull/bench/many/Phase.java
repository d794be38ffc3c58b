package io.lull.bench.many;

/** How the work is spread over the VMs. */
enum Phase {
    /** Each VM dirties a little. */
    CALM,
    /** One dirties a hundred times as much, the others what they did. */
    WILD,
    /** As many pages a second as in {@link #WILD} were committed, by all VMs alike. */
    EVEN
}
