package io.lull.worker.disk;

/** The numbers of the NBD protocol, fixed newstyle with simple replies; all are sent big endian. */
final class NbdWire {
    static final long INIT_MAGIC = 0x4e42444d41474943L;
    static final long OPTION_MAGIC = 0x49484156454f5054L;
    static final long OPTION_REPLY_MAGIC = 0x0003e889045565a9L;
    static final int REQUEST_MAGIC = 0x25609513;
    static final int REPLY_MAGIC = 0x67446698;

    static final int FLAG_FIXED_NEWSTYLE = 1;
    static final int FLAG_NO_ZEROES = 2;

    static final int OPTION_EXPORT_NAME = 1;
    static final int OPTION_ABORT = 2;
    static final int OPTION_INFO = 6;
    static final int OPTION_GO = 7;

    static final int REPLY_ACK = 1;
    static final int REPLY_INFO = 3;
    static final int REPLY_UNSUPPORTED = 0x80000001;
    static final int REPLY_INVALID = 0x80000003;
    static final int REPLY_UNKNOWN_EXPORT = 0x80000006;

    static final int INFO_EXPORT = 0;
    static final int INFO_BLOCK_SIZE = 3;

    /** Has flags, takes flush, force-unit-access, trim and write-zeroes. */
    static final int TRANSMISSION_FLAGS = 1 | 4 | 8 | 32 | 64;

    static final int READ = 0;
    static final int WRITE = 1;
    static final int DISCONNECT = 2;
    static final int FLUSH = 3;
    static final int TRIM = 4;
    static final int WRITE_ZEROES = 6;

    static final int COMMAND_FUA = 1;
    static final int COMMAND_NO_HOLE = 2;

    static final int EIO = 5;
    static final int EINVAL = 22;
    static final int ENOSPC = 28;

    static final int REQUEST_BYTES = 28;
    static final int OPTION_BYTES = 16;

    static final int PREFERRED_BLOCK_BYTES = 4096;
    static final int MAX_PAYLOAD_BYTES = 32 << 20;

    private NbdWire() {}
}
