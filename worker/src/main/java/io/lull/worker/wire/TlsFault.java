package io.lull.worker.wire;

import io.lull.worker.protocol.ProtocolException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.Certificate;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.BadPaddingException;
import javax.net.ssl.SSLException;

/** Says in words of an operator's what the JDK's TLS engine found wrong with a peer. */
final class TlsFault {
    /** Causes are looked at so deep. */
    private static final int MAX_CAUSES = 8;

    private static final int MAX_SUBJECT_CHARACTERS = 100;

    private TlsFault() {}

    static ProtocolException of(SSLException failure) {
        ProtocolException fault = new ProtocolException("TLS: " + why(failure));
        fault.initCause(failure);
        return fault;
    }

    private static String why(SSLException failure) {
        String dated = dated(failure);
        if (!dated.isEmpty()) {
            return dated;
        }
        String message = String.valueOf(failure.getMessage());
        if (hasCause(failure, CertPathBuilderException.class) || hasCause(failure, CertPathValidatorException.class)) {
            return whose(failure) + " is not of this side's authority (" + message + ")";
        }
        if (hasCause(failure, BadPaddingException.class)) {
            return "a record was changed, repeated or left out on its way (" + message + ")";
        }
        if (message.contains("Empty client certificate chain")) {
            return "the peer shows no certificate of this side's authority (" + message + ")";
        }
        if (message.contains("plaintext connection") || message.contains("Unsupported or unrecognized SSL message")) {
            return "the peer does not speak TLS (" + message + ")";
        }
        if (message.startsWith("Received fatal alert")) {
            return "the peer refuses this side, and its log says why (" + message + ")";
        }
        return message;
    }

    private static String dated(Throwable failure) {
        for (Throwable cause : causes(failure)) {
            if (cause instanceof CertificateExpiredException) {
                return whose(failure) + " has expired (" + cause.getMessage() + ")";
            }
            if (cause instanceof CertificateNotYetValidException) {
                return whose(failure) + " is not valid yet; are both clocks right? (" + cause.getMessage() + ")";
            }
        }
        return "";
    }

    /** Whom a certificate that failed calls itself, where the engine tells which it was. */
    private static String whose(Throwable failure) {
        for (Throwable cause : causes(failure)) {
            if (cause instanceof CertPathValidatorException path && path.getCertPath() != null) {
                for (Certificate each : path.getCertPath().getCertificates()) {
                    if (each instanceof X509Certificate first) {
                        String subject = first.getSubjectX500Principal().getName();
                        return "the peer's certificate, of " + printable(subject) + " by its own account,";
                    }
                }
            }
        }
        return "the peer's certificate";
    }

    /** A stranger's words are not to break a line of the log, nor to fill it. */
    private static String printable(String words) {
        String line = words.replaceAll("[^\\x20-\\x7e]", "?");
        return line.length() > MAX_SUBJECT_CHARACTERS ? line.substring(0, MAX_SUBJECT_CHARACTERS) : line;
    }

    private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
        return causes(failure).stream().anyMatch(type::isInstance);
    }

    private static List<Throwable> causes(Throwable failure) {
        List<Throwable> causes = new ArrayList<>();
        Throwable cause = failure;
        while (cause != null && causes.size() < MAX_CAUSES) {
            causes.add(cause);
            cause = cause.getCause();
        }
        return causes;
    }
}
