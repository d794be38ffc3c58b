package io.lull.local.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.local.LocalStack;
import java.io.IOException;

/**
 * What both workers say of the connection between them.
 *
 * @param primary how the primary says it is protected, and from whom
 * @param backup the same of the backup
 */
record WireVerdict(String primary, String backup) {
    static WireVerdict of(LocalStack stack) throws IOException {
        return new WireVerdict(said(stack, "primary"), said(stack, "backup"));
    }

    private static String said(LocalStack stack, String worker) throws IOException {
        JsonNode status = stack.statusOf(worker).orElseThrow(() -> new IOException("the " + worker + " is silent"));
        return status.at("/wire/security").asText("") + " with "
                + status.at("/wire/peer").asText("");
    }

    void judge(Verdicts verdicts) {
        boolean held = primary.matches("TLSv1\\.3 TLS_AES_(128|256)_GCM_SHA\\d+ with host host-b")
                && backup.matches("TLSv1\\.3 TLS_AES_(128|256)_GCM_SHA\\d+ with host host-a");
        verdicts.check("pages travel by TLS 1.3, and each side knows the other", held, primary + "; " + backup);
    }
}
