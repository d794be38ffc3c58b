package io.lull.bench.fuzz.siege;

import io.lull.worker.wire.MutualTls;
import io.lull.worker.wire.PeerRule;
import io.lull.worker.wire.TestCertificates;
import io.lull.worker.wire.Wire;
import io.lull.worker.wire.Wired;
import io.lull.worker.wire.Wiring;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Peers that speak TLS: four that can't prove to be the primary, and one that can and is hostile all the same. */
final class TlsPeers {
    private static final int ANSWER_BYTES = 1 << 16;
    private static final int MOST_BROKEN_BYTES = 6;

    private final InetSocketAddress port;
    private final Wiring strangers = to(MutualTls.of(TestCertificates.strangers(Wired.PRIMARY)));
    private final Wiring otherHost = to(MutualTls.of(TestCertificates.of("host-x")));
    private final SSLContext nobody = withoutCertificate();

    /** Who connects. */
    enum Who {
        /** A certificate of the right host by an authority that the backup doesn't know. */
        OF_STRANGERS,
        /** A certificate of the right authority for a host that is no primary. */
        OF_OTHER_HOST,
        /** No certificate. */
        OF_NOBODY,
        /** A broken first message of TLS. */
        BROKEN_HELLO,
        /** The primary's own certificate, and a mutated session. */
        OF_PRIMARY
    }

    TlsPeers(InetSocketAddress port) {
        this.port = port;
    }

    private static Wiring to(MutualTls tls) {
        return tls.towards(PeerRule.anyOf(Set.of(Wired.BACKUP)));
    }

    static Who any(SplittableRandom random) {
        return Who.values()[random.nextInt(Who.values().length)];
    }

    /** Sends a session; all that the backup answers behind the encryption. */
    byte[] attack(Who who, byte[] session, SplittableRandom random) throws IOException {
        return switch (who) {
            case OF_STRANGERS -> over(strangers, session);
            case OF_OTHER_HOST -> over(otherHost, session);
            case OF_NOBODY -> unproven(session);
            case BROKEN_HELLO -> unencrypted(broken(random));
            case OF_PRIMARY -> over(Wired.TLS.primary(), session);
        };
    }

    private byte[] over(Wiring wiring, byte[] session) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (Wire wire = wiring.over(SocketChannel.open(port))) {
            wire.handshake();
            ByteBuffer bytes = ByteBuffer.wrap(session);
            while (bytes.hasRemaining()) {
                wire.write(new ByteBuffer[] {bytes});
            }
            wire.endOutput();
            ByteBuffer buffer = ByteBuffer.allocate(ANSWER_BYTES);
            while (wire.read(buffer.clear()) >= 0) {
                answer.write(buffer.array(), 0, buffer.position());
            }
        } catch (IOException e) {
            // Dropped at whatever point: what was said before counts.
            return answer.toByteArray();
        }
        return answer.toByteArray();
    }

    private byte[] unproven(byte[] session) throws IOException {
        try (Socket socket = nobody.getSocketFactory().createSocket(port.getAddress(), port.getPort())) {
            socket.setSoTimeout(Attack.PATIENCE_MILLIS);
            socket.getOutputStream().write(session);
            return socket.getInputStream().readNBytes(ANSWER_BYTES);
        } catch (SocketTimeoutException e) {
            throw new Attack.KeptOpenException(e);
        } catch (IOException e) {
            return new byte[0];
        }
    }

    private byte[] broken(SplittableRandom random) throws IOException {
        SSLEngine engine = nobody.createSSLEngine();
        engine.setUseClientMode(true);
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), hello);
        byte[] bytes = Arrays.copyOf(hello.array(), hello.position() - random.nextInt(2) * random.nextInt(20));
        for (int i = 1 + random.nextInt(MOST_BROKEN_BYTES); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    /** What comes back is an alert at most, unless the hello was good enough for the backup to show its own half. */
    private byte[] unencrypted(byte[] hello) throws IOException {
        try (Socket socket = new Socket(port.getAddress(), port.getPort())) {
            socket.setSoTimeout(Attack.PATIENCE_MILLIS);
            socket.getOutputStream().write(hello);
            byte[] answer = socket.getInputStream().readNBytes(ANSWER_BYTES);
            return new String(answer, StandardCharsets.ISO_8859_1).contains("LULL") ? answer : new byte[0];
        } catch (SocketTimeoutException e) {
            throw new Attack.KeptOpenException(e);
        }
    }

    private static SSLContext withoutCertificate() {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(null, new TrustManager[] {new Anyone()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no TLS 1.3", e);
        }
    }

    /** Trusts whoever answers, as an attacker does. */
    private static final class Anyone extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
