package io.lull.worker.wire;

import java.util.Set;

/** The ways in which a primary and a backup can be connected. */
public enum Wired {
    PLAINTEXT {
        @Override
        public Wiring primary() {
            return Wiring.UNSAFE_PLAINTEXT;
        }

        @Override
        public Wiring backup() {
            return Wiring.UNSAFE_PLAINTEXT;
        }
    },
    TLS {
        @Override
        public Wiring primary() {
            return MutualTls.of(TestCertificates.of(PRIMARY)).towards(PeerRule.anyOf(Set.of(BACKUP)));
        }

        @Override
        public Wiring backup() {
            return MutualTls.of(TestCertificates.of(BACKUP)).from(PeerRule.anyOf(Set.of(PRIMARY)));
        }
    };

    /** The host of the primary. */
    public static final String PRIMARY = "host-a";
    /** The host of the backup. */
    public static final String BACKUP = "host-b";

    public abstract Wiring primary();

    public abstract Wiring backup();
}
