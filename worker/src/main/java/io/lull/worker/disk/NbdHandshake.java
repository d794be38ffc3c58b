package io.lull.worker.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The first part of an NBD connection, in which client and server agree on an export. */
final class NbdHandshake {
    /** Options that a client may send before it is taken for hostile. */
    static final int MAX_OPTIONS = 64;

    /** The longest option; export names have at most 4096 bytes. */
    static final int MAX_OPTION_BYTES = 8192;

    private static final int LEGACY_PADDING_BYTES = 124;
    private static final byte[] NOTHING = new byte[0];

    private final NbdStream stream;
    private final NbdExport export;
    private boolean noZeroes;

    /** What follows an option. */
    private enum Next {
        CONTINUE,
        BEGIN,
        LEAVE
    }

    NbdHandshake(NbdStream stream, NbdExport export) {
        this.stream = stream;
        this.export = export;
    }

    /** Returns true when transmission may begin, false when the client took its leave. */
    boolean run() throws IOException {
        greet();
        for (int i = 0; i < MAX_OPTIONS; i++) {
            switch (option()) {
                case BEGIN -> {
                    return true;
                }
                case LEAVE -> {
                    return false;
                }
                case CONTINUE -> {}
            }
        }
        throw new NbdException("more than " + MAX_OPTIONS + " options");
    }

    private void greet() throws IOException {
        int flags = NbdWire.FLAG_FIXED_NEWSTYLE | NbdWire.FLAG_NO_ZEROES;
        stream.reply().putLong(NbdWire.INIT_MAGIC).putLong(NbdWire.OPTION_MAGIC).putShort((short) flags);
        stream.send();
        int clientFlags = stream.take(Integer.BYTES).getInt();
        if ((clientFlags & ~flags) != 0) {
            throw new NbdException("unknown client flags 0x" + Integer.toHexString(clientFlags));
        }
        noZeroes = (clientFlags & NbdWire.FLAG_NO_ZEROES) != 0;
    }

    private Next option() throws IOException {
        ByteBuffer header = stream.take(NbdWire.OPTION_BYTES);
        long magic = header.getLong();
        int option = header.getInt();
        int length = header.getInt();
        if (magic != NbdWire.OPTION_MAGIC) {
            throw new NbdException("option magic 0x" + Long.toHexString(magic) + " is not NBD's");
        }
        if (length < 0 || length > MAX_OPTION_BYTES) {
            throw new NbdException("option " + option + " has " + Integer.toUnsignedString(length)
                    + " bytes, allowed are " + MAX_OPTION_BYTES);
        }
        ByteBuffer data = stream.take(length);
        return switch (option) {
            case NbdWire.OPTION_EXPORT_NAME -> {
                exportName(data);
                yield Next.BEGIN;
            }
            case NbdWire.OPTION_ABORT -> {
                answer(option, NbdWire.REPLY_ACK, NOTHING);
                yield Next.LEAVE;
            }
            case NbdWire.OPTION_GO -> info(option, data) ? Next.BEGIN : Next.CONTINUE;
            case NbdWire.OPTION_INFO -> {
                info(option, data);
                yield Next.CONTINUE;
            }
            default -> {
                answer(option, NbdWire.REPLY_UNSUPPORTED, NOTHING);
                yield Next.CONTINUE;
            }
        };
    }

    private void exportName(ByteBuffer data) throws IOException {
        String name = text(data);
        if (!name.equals(export.name())) {
            throw new NbdException(unknown(name));
        }
        ByteBuffer reply = stream.reply().putLong(export.sizeBytes()).putShort((short) NbdWire.TRANSMISSION_FLAGS);
        if (!noZeroes) {
            reply.put(new byte[LEGACY_PADDING_BYTES]);
        }
        stream.send();
    }

    /** Answers INFO or GO: {@code u32} length of the name, name, {@code u16} count, then the kinds of information asked for. */
    private boolean info(int option, ByteBuffer data) throws IOException {
        int nameBytes = data.remaining() >= Integer.BYTES ? data.getInt() : -1;
        if (nameBytes < 0 || nameBytes > data.remaining() - Short.BYTES) {
            answer(option, NbdWire.REPLY_INVALID, NOTHING);
            return false;
        }
        String name = text(data.slice().limit(nameBytes));
        data.position(data.position() + nameBytes);
        if (Short.toUnsignedInt(data.getShort()) * Short.BYTES != data.remaining()) {
            answer(option, NbdWire.REPLY_INVALID, NOTHING);
            return false;
        }
        if (!name.equals(export.name())) {
            answer(option, NbdWire.REPLY_UNKNOWN_EXPORT, unknown(name).getBytes(StandardCharsets.UTF_8));
            return false;
        }
        ByteBuffer size = ByteBuffer.allocate(12).putShort((short) NbdWire.INFO_EXPORT);
        answer(
                option,
                NbdWire.REPLY_INFO,
                size.putLong(export.sizeBytes())
                        .putShort((short) NbdWire.TRANSMISSION_FLAGS)
                        .array());
        ByteBuffer blocks = ByteBuffer.allocate(14).putShort((short) NbdWire.INFO_BLOCK_SIZE);
        answer(
                option,
                NbdWire.REPLY_INFO,
                blocks.putInt(1)
                        .putInt(NbdWire.PREFERRED_BLOCK_BYTES)
                        .putInt(NbdWire.MAX_PAYLOAD_BYTES)
                        .array());
        answer(option, NbdWire.REPLY_ACK, NOTHING);
        return true;
    }

    private void answer(int option, int type, byte[] data) throws IOException {
        stream.reply()
                .putLong(NbdWire.OPTION_REPLY_MAGIC)
                .putInt(option)
                .putInt(type)
                .putInt(data.length)
                .put(data);
        stream.send();
    }

    private String unknown(String name) {
        return "no export of the name asked for (" + name.length() + " characters)";
    }

    private static String text(ByteBuffer data) {
        return StandardCharsets.UTF_8.decode(data).toString();
    }
}
