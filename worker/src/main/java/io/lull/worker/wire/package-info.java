/**
 * The bytes' way between a primary and its backup: one connection, mutual TLS 1.3 or, by an unsafe flag, plaintext.
 *
 * <pre>
 *   frames (protocol)            Wire.send, Wire.read
 *        │                            │
 *   Wire ┤ TlsWire    plaintext ⇄ SSLEngine ⇄ records, up to 14 of them in one system call
 *        │ PlainWire  plaintext ═══════════════ as it is
 *        │                            │
 *   SocketChannel, blocking      one reader, one writer; anyone may end it
 * </pre>
 *
 * <p>A connection with TLS, both ways of it proven before the first frame:
 *
 * <pre>
 * primary                                             backup
 *   ClientHello                                    -&gt;
 *                                                  &lt;- ServerHello, CertificateRequest, Certificate, Verify, Finished
 *   is it the authority's, and of the right host?
 *   Certificate, Verify, Finished                  -&gt;
 *                                                     is it the authority's, and of a host that may?
 *   HELLO{host: the certificate's}                 -&gt; as in {@link io.lull.worker.protocol}
 *   ...
 *                                                  &lt;- close_notify  the answer to a BYE, see there
 * </pre>
 *
 * <p>Who is who: a certificate carries the name of its host, the {@code host} of its configuration, as the URI
 * {@code urn:lull:host:NAME} ({@link io.lull.worker.wire.HostNames}), so that a certificate of the same authority for
 * anything else is of no use here. What a peer has proven is {@link io.lull.worker.wire.PeerProof}; who is wanted is a
 * {@link io.lull.worker.wire.PeerRule}.
 *
 * <p>Rules:
 *
 * <ul>
 *   <li>TLS 1.3 alone, so there is no renegotiation, with AES-GCM alone, which the JDK 17 has intrinsics for, and not
 *       for ChaCha20. Keys are renewed on the way (KeyUpdate, after 128 GiB by default of the JDK; a JVM that never would
 *       is refused); whoever writes next carries the answer to the peer's, so that a reader never waits for a writer.
 *   <li>A record that was changed, repeated or left out ends the connection when it is read, with nothing of it read; the
 *       peer gets the alert {@code bad_record_mac}, as far as it takes it.
 *   <li>No early data, and a primary never takes an earlier session up again: each connection proves itself.
 *   <li>An end counts only when the peer has said so (close_notify). A connection that breaks off is an error
 *       ({@link io.lull.worker.wire.TruncatedException}), or whoever can cut it could pass for the peer.
 *   <li>What a peer that has proven nothing can have of this side's memory is {@code TlsWire}'s buffers, 576 KiB, and a
 *       handshake of at most 32 KiB a message (the JDK's bound).
 * </ul>
 */
@NullMarked
package io.lull.worker.wire;

import org.jspecify.annotations.NullMarked;
