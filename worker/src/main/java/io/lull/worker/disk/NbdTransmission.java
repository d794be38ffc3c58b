package io.lull.worker.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The second part of an NBD connection: requests, each logged and answered before the next is looked at.
 *
 * <p>Reads are answered with an I/O error: there is nothing here to read from, and QEMU's mirror does not read its
 * target. It writes zeroes over all of it, then what is not zero, then what the guest writes; it needs a block size of 1
 * so that it never has to read around a write. Trim is logged as zeroes, so that both sides hold the same afterwards.
 */
final class NbdTransmission {
    private final NbdStream stream;
    private final NbdExport export;
    private final WriteLog log;

    /** A request's header; {@code length} is unsigned 32 bits. */
    private record Request(int flags, int type, long cookie, long offset, long length) {
        boolean hasOnlyFlags(int allowed) {
            return (flags & ~allowed) == 0;
        }
    }

    NbdTransmission(NbdStream stream, NbdExport export, WriteLog log) {
        this.stream = stream;
        this.export = export;
        this.log = log;
    }

    /** Serves until the client takes its leave. */
    void run() throws IOException {
        while (true) {
            ByteBuffer header = stream.take(NbdWire.REQUEST_BYTES);
            int magic = header.getInt();
            if (magic != NbdWire.REQUEST_MAGIC) {
                throw new NbdException("request magic 0x" + Integer.toHexString(magic) + " is not NBD's");
            }
            Request request = new Request(
                    Short.toUnsignedInt(header.getShort()),
                    Short.toUnsignedInt(header.getShort()),
                    header.getLong(),
                    header.getLong(),
                    Integer.toUnsignedLong(header.getInt()));
            switch (request.type()) {
                case NbdWire.DISCONNECT -> {
                    return;
                }
                case NbdWire.WRITE -> write(request);
                case NbdWire.WRITE_ZEROES ->
                    zero(request, NbdWire.COMMAND_FUA | NbdWire.COMMAND_NO_HOLE, NbdWire.ENOSPC);
                case NbdWire.TRIM -> zero(request, NbdWire.COMMAND_FUA, NbdWire.EINVAL);
                case NbdWire.FLUSH -> flush(request);
                case NbdWire.READ -> answer(request, NbdWire.EIO);
                default -> answer(request, NbdWire.EINVAL);
            }
        }
    }

    private void write(Request request) throws IOException {
        if (request.length() > NbdWire.MAX_PAYLOAD_BYTES) {
            throw new NbdException(
                    "a write of " + request.length() + " bytes, allowed are " + NbdWire.MAX_PAYLOAD_BYTES);
        }
        int error = rangeError(request, NbdWire.COMMAND_FUA, NbdWire.ENOSPC);
        if (error != 0) {
            stream.skip(request.length());
            answer(request, error);
            return;
        }
        log.writeArrived((int) request.length());
        try {
            long offset = request.offset();
            long end = offset + request.length();
            while (offset < end) {
                int length = (int) Math.min(end - offset, NbdStream.MAX_TAKE);
                log.write(offset, stream.take(length));
                offset += length;
            }
        } finally {
            log.answered();
        }
        answer(request, 0);
    }

    private void zero(Request request, int allowedFlags, int outsideError) throws IOException {
        int error = rangeError(request, allowedFlags, outsideError);
        if (error == 0 && request.length() > 0) {
            log.writeArrived(0);
            try {
                log.zero(request.offset(), request.length());
            } finally {
                log.answered();
            }
        }
        answer(request, error);
    }

    private void flush(Request request) throws IOException {
        if (!request.hasOnlyFlags(NbdWire.COMMAND_FUA)) {
            answer(request, NbdWire.EINVAL);
            return;
        }
        log.flushArrived();
        log.answered();
        answer(request, 0);
    }

    private int rangeError(Request request, int allowedFlags, int outsideError) {
        if (!request.hasOnlyFlags(allowedFlags)) {
            return NbdWire.EINVAL;
        }
        return export.contains(request.offset(), request.length()) ? 0 : outsideError;
    }

    private void answer(Request request, int error) throws IOException {
        stream.reply().putInt(NbdWire.REPLY_MAGIC).putInt(error).putLong(request.cookie());
        stream.send();
    }
}
