package io.lull.local.client;

/**
 * What an INCR client saw over its whole run.
 *
 * @param alive whether its one connection lived until the end
 * @param replies received
 * @param lost numbers that no reply bore
 * @param doubled replies whose number had been there before
 * @param last number received
 * @param maxGapMillis longest time without a reply
 */
public record IncrReport(boolean alive, long replies, long lost, long doubled, long last, long maxGapMillis) {}
