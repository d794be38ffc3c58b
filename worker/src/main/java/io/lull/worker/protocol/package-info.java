/**
 * The language between a primary and its backup: frames over one ordered byte stream, little-endian.
 *
 * <p>A frame is a 32-byte header and a payload:
 *
 * <pre>
 *  0 u32 magic "LULL"     4 u8 version    5 u8 type    6 u8 codec    7 u8 pages (of PAGES, else 0)
 *  8 u64 epoch           16 u32 sequence               20 u32 payload length
 * 24 u32 raw length      28 u32 CRC32C of the uncompressed body
 * </pre>
 *
 * <p>A session, on a connection whose ends have proven to each other who they are ({@link io.lull.worker.wire} draws that):
 *
 * <pre>
 * primary                                             backup
 *   HELLO{vm, host, session, on loss, claim, ...}  -&gt;
 *                                                  &lt;- WELCOME{last committed epoch} | REFUSED{reason}
 *   LAYOUT{RAM section, configuration, blocks}     -&gt;
 *                                                  &lt;- HASHES{first page, 16 B a page} in pieces, in page order
 *   PAGES, DISK_WRITE, DISK_ZERO of epoch n, n+1 . -&gt;
 *   EPOCH_END{n: count, CRC, bytes, pages, state}  -&gt;
 *                                                  &lt;- ACK{n}      the backup holds all of epoch n
 *   DIGEST{n, ranges}                              -&gt;
 *                                                  &lt;- VERIFIED{n, same | different range | stale}
 *   HANDOVER{n, why}                               -&gt;             the VM stands still since the end of n, for good
 *                                                  &lt;- HANDED_OVER{n, runs | refused | failed}
 *   HEARTBEAT                                     &lt;-&gt; HEARTBEAT   when there was nothing else to say
 *   BYE{why}                                       -&gt;             an orderly end, never a failure
 *                                                  &lt;- end of stream: BYE was acted on (with TLS: close_notify)
 *                                                  &lt;- BYE{why}    the backup ends the session
 * </pre>
 *
 * <p>The backup's side of a connection:
 *
 * <pre>
 *   AWAIT_HELLO --HELLO--&gt; AWAIT_LAYOUT --LAYOUT--&gt; RECEIVING --BYE, EOF, error, silence--&gt; CLOSED
 *        |                      |                     |   ^                                  ^
 *        |                      |            HANDOVER |   | refused                          |
 *        |                      |                     v   |                                  |
 *        |                      |                  HANDING_OVER --runs, failed, EOF, error---+
 *        +------refused---------+------------------------------------------------------------+
 * </pre>
 *
 * <p>Rules:
 *
 * <ul>
 *   <li>PAGES, DISK_WRITE and DISK_ZERO are an epoch's records. The sender numbers them 0, 1, 2, ... in each epoch;
 *       they may arrive in any order, those of a few epochs interleaved, and are applied in sequence order.
 *   <li>EPOCH_END follows all records of its epoch, and epochs end in ascending order. The rolling CRC is the CRC32C
 *       of the records' CRCs, each as four little-endian bytes, in sequence order. The sums of payload bytes and of
 *       pages must be those that the backup counted itself.
 *   <li>HELLO's {@link io.lull.worker.protocol.OutputClaim} tells a backup whether its image may still be run. Without
 *       one that covers it, the image is not to be run before the first commit of the session.
 *   <li>After a BYE of the primary's the backup ends its stream, once the connection can't lead to a takeover any more,
 *       and reads until the primary ends its own. A primary that has said BYE may take this end, without a BYE of the
 *       backup's before it, for the word that no takeover comes of the session; a reset, silence, or the backup's BYE
 *       mean nothing of the kind, nor does a connection that ends without the backup's close_notify where there is TLS. A
 *       backup that gives a silent primary up resets the connection.
 *   <li>HANDOVER names the last epoch that was acknowledged; no record and no EPOCH_END is sent before its answer, or taken.
 *       After "refused" the session goes on as if nothing had been said. After any other answer, or none, it is over, and
 *       a primary that was not told "runs" may run its VM only once the fence has granted it that it is alone.
 *   <li>With TLS, HELLO's host is one that the certificate names; a HELLO that isn't gets no answer.
 *   <li>All records sent before the first EPOCH_END of a session belong to its first epoch, so that a resynchronisation
 *       is an epoch like any other.
 *   <li>Version: magic, version and type keep their places in all versions, and so does the whole REFUSED frame. A
 *       backup answers a HELLO of another version with REFUSED{VERSION}; within a session nothing is optional.
 *   <li>Input that breaks a rule is hostile ({@link io.lull.worker.protocol.ProtocolException}): the connection is
 *       dropped, nothing else happens.
 * </ul>
 */
@NullMarked
package io.lull.worker.protocol;

import org.jspecify.annotations.NullMarked;
