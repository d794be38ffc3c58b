package io.lull.producer.net;

/**
 * What a {@link TcpTable} left out, since it was made.
 *
 * @param otherFrames frames that carry no TCP over IPv4: ARP, IPv6, UDP, later fragments
 * @param malformedFrames frames whose headers are cut short or contradict themselves
 * @param droppedConnections open connections forgotten because the table was full
 */
public record TcpCounters(long otherFrames, long malformedFrames, long droppedConnections) {}
