package io.lull.lab.report;

import java.text.FieldPosition;
import java.text.NumberFormat;
import java.text.ParsePosition;
import java.util.Locale;

/** Numbers on axes as one writes them: 0.1, 1, 10, 1000. */
final class PlainNumbers extends NumberFormat {
    private static final long serialVersionUID = 1L;

    private final int places;

    /** At most {@code places} after the point. */
    PlainNumbers(int places) {
        this.places = places;
    }

    @Override
    public StringBuffer format(double number, StringBuffer to, FieldPosition position) {
        String text = String.format(Locale.ROOT, "%." + places + "f", number);
        return to.append(text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text);
    }

    @Override
    public StringBuffer format(long number, StringBuffer to, FieldPosition position) {
        return to.append(number);
    }

    @Override
    public Number parse(String source, ParsePosition position) {
        throw new UnsupportedOperationException("axes only write numbers");
    }
}
