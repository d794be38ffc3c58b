package io.lull.lab.report;

import io.lull.policy.TriggerReason;
import io.lull.policy.lull.LullPolicy;
import io.lull.policy.sim.Oracle;
import java.awt.Color;
import java.util.List;

/** The same colour for the same thing on all charts; Lull's own and the oracle stand out. */
final class Colours {
    static final Color LULL = new Color(0xD1495B);
    static final Color RIVAL = new Color(0x7A9CC6);
    static final Color ORACLE = new Color(0x111111);
    static final Color TEXT = new Color(0x333333);
    static final Color GRID = new Color(0xDDDDDD);

    private static final List<Color> RIVALS = List.of(
            new Color(0x1F77B4),
            new Color(0x2CA02C),
            new Color(0xFF7F0E),
            new Color(0x9467BD),
            new Color(0x8C564B),
            new Color(0x17BECF),
            new Color(0xBCBD22),
            new Color(0x7F7F7F),
            new Color(0x003F5C),
            new Color(0xE377C2));
    private static final List<Color> REASONS = List.of(
            new Color(0x1F77B4),
            new Color(0x2CA02C),
            new Color(0x98DF8A),
            new Color(0x8C564B),
            new Color(0xFF7F0E),
            new Color(0x17BECF),
            new Color(0xBCBD22),
            new Color(0x9467BD),
            new Color(0xD62728),
            new Color(0xE377C2),
            new Color(0x7F7F7F),
            new Color(0xC7C7C7),
            new Color(0x000000));

    private Colours() {}

    /** The colour of {@code policy} among all {@code policies} of a page. */
    static Color of(String policy, List<String> policies) {
        if (policy.equals(LullPolicy.NAME)) {
            return LULL;
        }
        if (policy.equals(Oracle.NAME)) {
            return ORACLE;
        }
        List<String> rivals =
                policies.stream().filter(name -> !name.equals(LullPolicy.NAME)).toList();
        return RIVALS.get(Math.max(0, rivals.indexOf(policy)) % RIVALS.size());
    }

    static Color of(TriggerReason reason) {
        return REASONS.get(reason.ordinal() % REASONS.size());
    }
}
