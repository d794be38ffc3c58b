package io.lull.local;

/** What a scenario saw, for a person and for a machine, and whether what must hold held. */
public interface Outcome {
    String text();

    boolean allHeld();
}
