package io.lull.worker.capture;

import io.lull.worker.page.ImageLayout;
import java.util.Arrays;
import java.util.Objects;

/**
 * What QEMU's stream says of the machine before its first page: enough to build an incoming stream for a standby.
 *
 * @param configuration the configuration section, verbatim, its type byte included
 * @param ramSectionId the section id under which RAM is sent
 * @param blocks the RAM blocks in the stream's order, and Lull's own block for the device state behind them
 */
public record StreamLayout(byte[] configuration, int ramSectionId, ImageLayout blocks) {
    public StreamLayout {
        configuration = configuration.clone();
    }

    @Override
    public byte[] configuration() {
        return configuration.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StreamLayout that
                && Arrays.equals(configuration, that.configuration)
                && ramSectionId == that.ramSectionId
                && blocks.equals(that.blocks);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(configuration), ramSectionId, blocks);
    }

    @Override
    public String toString() {
        return "StreamLayout[section " + ramSectionId + ", " + blocks + "]";
    }
}
