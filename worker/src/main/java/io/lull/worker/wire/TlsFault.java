package io.lull.worker.wire;

import io.lull.worker.protocol.ProtocolException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;

/** Says in words of an operator's what the JDK's TLS engine found wrong with a peer. */
final class TlsFault {
    /** Causes are looked at so deep. */
    private static final int MAX_CAUSES = 8;

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
            return "the peer's certificate is not of this side's authority (" + message + ")";
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
                return "the peer's certificate has expired (" + cause.getMessage() + ")";
            }
            if (cause instanceof CertificateNotYetValidException) {
                return "the peer's certificate is not valid yet; are both clocks right? (" + cause.getMessage() + ")";
            }
        }
        return "";
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
