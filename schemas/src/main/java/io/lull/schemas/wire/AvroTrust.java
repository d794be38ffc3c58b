package io.lull.schemas.wire;

import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/** Declares the generated classes trusted: Avro refuses to load any class by name that isn't. */
public final class AvroTrust {
    private static final String GENERATED = "io.lull.schemas.avro.";

    static {
        ClassSecurityPredicate before = ClassSecurityValidator.getGlobal();
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                before, loaded -> loaded.getName().startsWith(GENERATED)));
    }

    private AvroTrust() {}

    /** Does nothing but let the static initialiser run, once. */
    public static void init() {}
}
