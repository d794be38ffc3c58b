package io.lull.local.client;

/**
 * What a download client got.
 *
 * @param whole whether as many bytes came as the server had announced
 * @param bytes of the file that came
 * @param md5 of those bytes, in hexadecimal
 * @param maxGapMillis longest time in which nothing came while the client was ready to read
 */
public record DownloadReport(boolean whole, long bytes, String md5, long maxGapMillis) {}
