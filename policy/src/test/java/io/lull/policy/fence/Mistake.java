package io.lull.policy.fence;

/** What is planted, so that a test shows that it would find it. */
enum Mistake {
    NONE,
    /** The broker lets a claim that was overtaken go on. */
    NO_FENCING,
    /** The broker takes a record that was sent twice twice. No mistake: the rule bears it. */
    NO_IDEMPOTENCE,
    /** The broker answers before it has replicated, as with acks=1. */
    ANSWERS_TOO_EARLY,
    /** A broker that has fallen behind may lead. */
    UNCLEAN_ELECTION,
    /** The topic's newest record may be deleted, as with cleanup.policy=delete. */
    TOPIC_FORGETS,
    /** A claimant reads the topic before it begins its claim. */
    READS_TOO_EARLY,
    /** A claimant reads as far as a broker says, and writes no probe before: one that was deposed may say. */
    READS_WITHOUT_PROBE,
    /** A claimant takes a lost answer for a grant. */
    DOUBT_IS_GRANT,
    /** A primary asks for PROTECT and goes on as if it was alone until that is granted. */
    GIVES_UP_TOO_LATE,
    /** A primary releases what a backup acknowledged before its session is recorded. */
    RELEASES_UNRECORDED,
    /** A backup acknowledges while it claims. */
    ACKNOWLEDGES_WHILE_CLAIMING,
    /** A primary shows the id that its VM was taken by, though the VM runs elsewhere. */
    POSES_AS_TAKER
}
