package io.lull.worker.certs;

import io.lull.worker.wire.Pem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Set;

/**
 * The folder of an authority: its certificate and key, and those of the hosts that it signed for. What is there is never
 * overwritten, and keys are readable by their owner alone from the moment they exist.
 */
public final class CertificateFolder {
    private static final String AUTHORITY = "authority";
    private static final FileAttribute<Set<PosixFilePermission>> SECRET =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path directory;

    /** The folder, which need not be there yet. */
    public CertificateFolder(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    /** Where the authority's certificate is. */
    public Path authority() {
        return certificateOf(AUTHORITY);
    }

    /** Where the authority's key is. */
    public Path authorityKey() {
        return keyOf(AUTHORITY);
    }

    /** Where a host's certificate is. */
    public Path certificateOf(String host) {
        return directory.resolve(host + ".pem");
    }

    /** Where a host's key is. */
    public Path keyOf(String host) {
        return directory.resolve(host + ".key");
    }

    /**
     * Keeps a new authority here.
     *
     * @throws IOException when one is here already, or the folder can't be written to
     */
    public void keep(CertificateAuthority created) throws IOException {
        Files.createDirectories(directory, PRIVATE_FOLDER);
        write(AUTHORITY, created.own());
    }

    /**
     * Has the authority sign for a host, and keeps what comes of it.
     *
     * @throws IOException when there is no authority here, or the host has a certificate here already
     * @throws IllegalArgumentException when the authority can't sign that
     */
    public X509Certificate issue(HostRequest request) throws IOException {
        if (request.host().equals(AUTHORITY)) {
            throw new IllegalArgumentException("a host can't be called '" + AUTHORITY + "': its files would be");
        }
        refuseExisting(request.host());
        Issued issued = opened().issue(request);
        write(request.host(), issued);
        return issued.certificate();
    }

    private CertificateAuthority opened() throws IOException {
        if (!Files.exists(authority(), LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("there is no authority in " + directory + "; `lull certs authority --directory "
                    + directory + "` makes one");
        }
        X509Certificate certificate = Pem.certificates(authority()).get(0);
        return new CertificateAuthority(new Issued(
                certificate,
                Pem.privateKey(authorityKey(), certificate.getPublicKey().getAlgorithm())));
    }

    private void write(String name, Issued issued) throws IOException {
        refuseExisting(name);
        create(keyOf(name), Pem.text(Pem.PRIVATE_KEY, issued.key().getEncoded()), SECRET);
        try {
            create(
                    certificateOf(name),
                    Pem.text(Pem.CERTIFICATE, issued.certificate().getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was just made has no encoding", e);
        }
    }

    private void refuseExisting(String name) throws IOException {
        for (Path file : new Path[] {certificateOf(name), keyOf(name)}) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw exists(file);
            }
        }
    }

    private static IOException exists(Path file) {
        return new IOException(file + " is there already and is not overwritten: move it away first, or give another"
                + " --directory");
    }

    private static void create(Path file, String text, FileAttribute<?>... attributes) throws IOException {
        try (SeekableByteChannel out = Files.newByteChannel(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
            out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (FileAlreadyExistsException e) {
            throw exists(file);
        }
    }
}
