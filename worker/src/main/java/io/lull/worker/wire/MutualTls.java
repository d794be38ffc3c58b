package io.lull.worker.wire;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/** TLS 1.3 with AES-GCM in which both sides show a certificate, for as long as one set of credentials is used. */
public final class MutualTls {
    private static final String PROTOCOL = "TLSv1.3";
    private static final String[] CIPHERS = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"};
    /** Keys lie in this process's memory; the store asks for a password all the same. */
    private static final char[] NO_SECRET = "none".toCharArray();

    /** How much the JDK encrypts with one key before it renews it; read by it once. */
    private static final String KEY_LIMITS = "jdk.tls.keyLimits";

    private static final Pattern RENEWED =
            Pattern.compile("AES/GCM/NoPadding\\s+KeyUpdate\\s+\\d", Pattern.CASE_INSENSITIVE);

    private final SSLContext context;

    private MutualTls(SSLContext context) {
        this.context = context;
    }

    /**
     * TLS of the holder of these credentials.
     *
     * @throws IllegalStateException when this JVM has no TLS 1.3, or none that renews its keys; says what to do
     */
    public static MutualTls of(Credentials own) {
        String limits = String.valueOf(Security.getProperty(KEY_LIMITS));
        if (!renewsKeys(limits)) {
            throw new IllegalStateException("this JVM never renews the keys of TLS: in its java.security, " + KEY_LIMITS
                    + " must name 'AES/GCM/NoPadding KeyUpdate 2^37', is '" + limits + "'");
        }
        try {
            KeyStore keys = emptyStore();
            keys.setKeyEntry("own", own.key(), NO_SECRET, own.chain().toArray(new X509Certificate[0]));
            KeyManagerFactory holder = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            holder.init(keys, NO_SECRET);
            KeyStore trusted = emptyStore();
            for (X509Certificate authority : own.authorities()) {
                trusted.setCertificateEntry("authority-" + trusted.size(), authority);
            }
            TrustManagerFactory judge = TrustManagerFactory.getInstance("PKIX");
            judge.init(trusted);
            SSLContext context = SSLContext.getInstance(PROTOCOL);
            context.init(holder.getKeyManagers(), judge.getTrustManagers(), null);
            return new MutualTls(context);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this JVM lacks what TLS 1.3 needs: " + e.getMessage(), e);
        }
    }

    /** Whether these limits, as java.security has them, bound what is encrypted with one key of AES-GCM. */
    static boolean renewsKeys(String limits) {
        return RENEWED.matcher(limits).find();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** For the side that connects: to whoever this rule wants. */
    public Wiring towards(PeerRule backup) {
        return socket -> wire(socket, true, backup);
    }

    /** For the side that listens: from whomever this rule lets in. */
    public Wiring from(PeerRule primaries) {
        return socket -> wire(socket, false, primaries);
    }

    private Wire wire(SocketChannel socket, boolean connecting, PeerRule rule) {
        // Without the peer's name the JDK looks for no earlier session of the same peer.
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(connecting);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {PROTOCOL});
        parameters.setCipherSuites(CIPHERS.clone());
        if (!connecting) {
            parameters.setNeedClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        return new TlsWire(socket, engine, rule);
    }
}
