package io.lull.lab.report;

import java.text.FieldPosition;
import java.text.NumberFormat;
import java.text.ParsePosition;
import java.util.Locale;

/** Numbers on axes as one writes them: 0.1, 1, 10, 1000. */
final class PlainNumbers extends NumberFormat {
    private static final long serialVersionUID = 1L;

    @Override
    public StringBuffer format(double number, StringBuffer to, FieldPosition position) {
        String text = String.format(Locale.ROOT, "%.3f", number);
        return to.append(text.replaceAll("0+$", "").replaceAll("\\.$", ""));
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
