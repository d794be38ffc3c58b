package io.lull.worker.ship;

import io.lull.worker.protocol.RefusalReason;
import io.lull.worker.protocol.Refused;
import java.io.IOException;

/** The backup refused this primary. */
public final class RefusedException extends IOException {
    private final RefusalReason reason;

    RefusedException(Refused refused) {
        super("backup refuses: " + refused.reason() + ", " + refused.text());
        this.reason = refused.reason();
    }

    public RefusalReason reason() {
        return reason;
    }
}
