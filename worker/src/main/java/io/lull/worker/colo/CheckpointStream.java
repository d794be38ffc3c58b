package io.lull.worker.colo;

import io.lull.worker.capture.StagingArea;
import io.lull.worker.page.ImageLayout;
import io.lull.worker.page.PageMemory;
import java.io.IOException;

/**
 * Parses what QEMU sends of each checkpoint after the initial stream; one call for each part, in the order below. The
 * guest stands still from {@link #paused} until QEMU is told to resume it.
 */
final class CheckpointStream {
    private final StreamReader in;
    private final InitialStream.Result initial;

    CheckpointStream(StreamReader in, InitialStream.Result initial) {
        this.in = in;
        this.initial = initial;
    }

    /** Waits until QEMU asks for a checkpoint; the guest runs on. */
    void request() throws IOException {
        expectMessage(ColoMessage.CHECKPOINT_REQUEST);
    }

    /** Waits until the guest has been stopped. */
    void paused() throws IOException {
        expectMessage(ColoMessage.VMSTATE_SEND);
    }

    /** Stages the dirty pages. */
    void readRam(StagingArea staging) throws IOException {
        int type = in.u8();
        while (type == InitialStream.SECTION_COMMAND) {
            InitialStream.skipCommand(in);
            type = in.u8();
        }
        InitialStream.expect(InitialStream.SECTION_END, type, "the dirty pages");
        int sectionId = in.u32();
        if (sectionId != initial.layout().ramSectionId()) {
            throw new ColoStreamException("QEMU sent section " + sectionId + " in a checkpoint; only RAM is known");
        }
        initial.ram().parseBody(in, staging);
        InitialStream.footer(in, sectionId);
        InitialStream.expect(InitialStream.SECTION_EOF, in.u8(), "the end of the dirty pages");
    }

    /**
     * Stages the device state as pages of the layout's last block, the last one padded with zeros.
     *
     * @return its length in bytes
     */
    int readDeviceState(StagingArea staging) throws IOException {
        expectMessage(ColoMessage.VMSTATE_SIZE);
        long length = in.u64();
        ImageLayout.Block block = initial.layout().blocks().deviceState();
        if (length <= 0 || length > block.byteLength()) {
            throw new ColoStreamException(
                    "QEMU's device state has " + length + " bytes; the limit is " + block.byteLength());
        }
        int page = block.firstPage();
        for (long left = length; left > 0; left -= PageMemory.PAGE_BYTES, page++) {
            if (left >= PageMemory.PAGE_BYTES) {
                staging.add(page, in.inPlace(PageMemory.PAGE_BYTES));
            } else {
                staging.addPadded(page, in.inPlace((int) left), (int) left);
            }
        }
        return (int) length;
    }

    private void expectMessage(ColoMessage wanted) throws IOException {
        ColoMessage got = ColoMessage.of(in.u32());
        if (got != wanted) {
            throw new ColoStreamException("QEMU sent " + got + " instead of " + wanted);
        }
    }
}
