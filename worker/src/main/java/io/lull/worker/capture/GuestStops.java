package io.lull.worker.capture;

/** Who has to know when the guest stands still by this worker's order, to let it run should the worker die. */
public interface GuestStops {
    /** Knows of nobody. */
    GuestStops NONE = new GuestStops() {
        @Override
        public void guestStops() {}

        @Override
        public void guestRuns() {}
    };

    /** The guest is about to be stopped. */
    void guestStops();

    /** The guest runs again. */
    void guestRuns();
}
