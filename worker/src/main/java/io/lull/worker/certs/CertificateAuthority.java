package io.lull.worker.certs;

import io.lull.worker.wire.HostNames;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Signs the certificates of Lull's hosts. All keys are on the curve P-256, all signatures ECDSA with SHA-256. */
public final class CertificateAuthority {
    private static final String CURVE = "secp256r1";
    private static final String SIGNATURE = "SHA256withECDSA";
    private static final int SERIAL_BITS = 127;
    private static final int NAME_BYTES = 4;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Issued own;

    /** The authority that holds this certificate and its key. */
    public CertificateAuthority(Issued own) {
        this.own = own;
    }

    /** A new authority, with a name that tells it from others. */
    public static CertificateAuthority create(Instant from, Instant until) {
        byte[] mark = new byte[NAME_BYTES];
        RANDOM.nextBytes(mark);
        KeyPair keys = newKeys();
        X500Name name = named("Lull authority " + HexFormat.of().formatHex(mark));
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name, serial(), Date.from(from), Date.from(until), name, keys.getPublic());
        try {
            JcaX509ExtensionUtils keyIds = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, keyIds.createSubjectKeyIdentifier(keys.getPublic()));
            return new CertificateAuthority(new Issued(signed(builder, keys.getPrivate()), keys.getPrivate()));
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw cannot(e);
        }
    }

    /** The authority's own certificate and key. */
    public Issued own() {
        return own;
    }

    /**
     * Makes a key for a host and signs its certificate, with which it may connect and be connected to.
     *
     * @throws IllegalArgumentException when the certificate would outlast the authority
     */
    public Issued issue(HostRequest request) {
        Instant end = own.certificate().getNotAfter().toInstant();
        // A certificate's times are in seconds.
        if (request.until().truncatedTo(ChronoUnit.SECONDS).isAfter(end)) {
            throw new IllegalArgumentException("the authority ends at " + end + ", before this certificate would at "
                    + request.until() + ": ask for fewer days, or make a new authority");
        }
        KeyPair keys = newKeys();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                own.certificate(),
                serial(),
                Date.from(request.from()),
                Date.from(request.until()),
                named(request.host()),
                keys.getPublic());
        try {
            addHostExtensions(builder, request, keys.getPublic());
            return new Issued(signed(builder, own.key()), keys.getPrivate());
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw cannot(e);
        }
    }

    private void addHostExtensions(X509v3CertificateBuilder builder, HostRequest request, PublicKey key)
            throws GeneralSecurityException, IOException {
        JcaX509ExtensionUtils keyIds = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
            KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
        }));
        builder.addExtension(Extension.subjectKeyIdentifier, false, keyIds.createSubjectKeyIdentifier(key));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                keyIds.createAuthorityKeyIdentifier(own.certificate().getPublicKey()));
        builder.addExtension(Extension.subjectAlternativeName, false, names(request));
    }

    private static GeneralNames names(HostRequest request) {
        List<GeneralName> names = new ArrayList<>();
        names.add(new GeneralName(GeneralName.uniformResourceIdentifier, HostNames.HOST_URI + request.host()));
        for (String address : request.addresses()) {
            int kind = HostRequest.isIp(address) ? GeneralName.iPAddress : GeneralName.dNSName;
            names.add(new GeneralName(kind, address));
        }
        return new GeneralNames(names.toArray(new GeneralName[0]));
    }

    private static X500Name named(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    private static BigInteger serial() {
        return new BigInteger(SERIAL_BITS, RANDOM).add(BigInteger.ONE);
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVE), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw cannot(e);
        }
    }

    private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey by)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(by)));
    }

    private static IllegalStateException cannot(Exception why) {
        return new IllegalStateException("this JVM can't make a certificate: " + why.getMessage(), why);
    }
}
