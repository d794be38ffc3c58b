package io.lull.worker.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PEM files: certificates, and keys that nobody but their owner may read. Errors are one line each. */
public final class Pem {
    /** What a certificate is called in a PEM file. */
    public static final String CERTIFICATE = "CERTIFICATE";
    /** What an unencrypted PKCS#8 key is called in a PEM file. */
    public static final String PRIVATE_KEY = "PRIVATE KEY";

    private static final long MAX_FILE_BYTES = 1 << 16;
    private static final int LINE_CHARACTERS = 64;
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private Pem() {}

    /** The certificates in a file, at least one, in their order. */
    public static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> found = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Certificate each : factory.generateCertificates(new ByteArrayInputStream(bytes(file)))) {
                found.add((X509Certificate) each);
            }
        } catch (CertificateException e) {
            throw new IOException(file + " holds no certificate in PEM form: " + inOneLine(e), e);
        }
        if (found.isEmpty()) {
            throw new IOException(file + " holds no certificate in PEM form");
        }
        return List.copyOf(found);
    }

    /**
     * The private key in a file that only its owner may read.
     *
     * @param algorithm of the certificate that it belongs to
     */
    public static PrivateKey privateKey(Path file, String algorithm) throws IOException {
        String text = new String(bytes(file), StandardCharsets.US_ASCII);
        refuseOthers(file);
        Matcher key = KEY.matcher(text);
        if (!key.find()) {
            throw new IOException(file + " holds no unencrypted key in PKCS#8 form (BEGIN PRIVATE KEY); "
                    + "`openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW` makes one of another kind of key");
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(key.group(1));
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(
                    file + " holds no " + algorithm + " key, which its certificate is for: " + inOneLine(e), e);
        }
    }

    /** The PEM form of something encoded. */
    public static String text(String what, byte[] encoded) {
        String body = Base64.getMimeEncoder(LINE_CHARACTERS, new byte[] {'\n'}).encodeToString(encoded);
        return "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n";
    }

    private static void refuseOthers(Path file) throws IOException {
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        Set<PosixFilePermission> given = Files.getPosixFilePermissions(file);
        if (!OWNER.containsAll(given)) {
            throw new IOException("the key " + file + " may be used by others than its owner ("
                    + PosixFilePermissions.toString(given) + "): run `chmod 600 " + file
                    + "`, and make a new key if anybody else could have read it");
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new IOException(file + " is larger than " + MAX_FILE_BYTES + " bytes: no PEM file of ours");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file + "; `lull certs` makes certificates and keys", e);
        }
    }

    private static String inOneLine(Exception failure) {
        return String.valueOf(failure.getMessage()).replace('\n', ' ');
    }
}
