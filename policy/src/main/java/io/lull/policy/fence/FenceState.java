package io.lull.policy.fence;

/**
 * Who may release output of a VM that no backup has acknowledged.
 *
 * <pre>
 *           GO_ALONE, PROTECT: a run (see below)     PROTECT
 *    FREE ────────────────────────────────▶ ALONE ──────────────▶ PRIMARY_PROTECTED
 *     ▲ ▲                                     │   ◀──────────────   │          ▲
 *     │ │                                     │       GO_ALONE      │ TAKE     │ GIVE_BACK
 *     │ └──────LEAVE: the same run────────────┴─────────────────────┤          │
 *     │                                                             ▼          │
 *     └──────RESET: an operator, from anywhere────────────────── TAKEN ────────┘
 *
 *    TAKEN ──GO_ALONE, PROTECT, LEAVE: the run that bears the taker's id──▶ ALONE, PRIMARY_PROTECTED, FREE
 * </pre>
 *
 * After a LEAVE it is any run on the same host, as the VM's newest disk is there. After a RESET it is any run but the one whose place was
 * given away. ALONE and PRIMARY_PROTECTED belong to one run of the
 * VM, that is one QEMU process, and only that run leaves them; PRIMARY_PROTECTED also to one session with a backup, and
 * only a backup that committed in it takes the VM. The QEMU in which a backup runs what it took bears the id that it took it
 * by: so the primary worker that is started at that QEMU later has what the backup had, and nobody else has. The run that the VM was
 * taken from is granted nothing any more, in whatever state.
 */
public enum FenceState {
    /** Nobody speaks for the VM. Also what holds where nothing was ever recorded. */
    FREE,
    /** The primary may release all output. No backup may take over. */
    ALONE,
    /** The primary may release what its backup acknowledged, and nothing else. That backup may take over. */
    PRIMARY_PROTECTED,
    /** A backup runs the VM and may release all output. The primary that it took it from may release nothing, ever. */
    TAKEN
}
