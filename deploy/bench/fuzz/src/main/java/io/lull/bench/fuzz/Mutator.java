package io.lull.bench.fuzz;

import io.lull.bench.fuzz.parser.Conversation;
import io.lull.bench.fuzz.parser.Target;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes hostile input of valid input: the same seed, the same inputs.
 *
 * <p>One to six changes each. Changes of bytes fall mostly near the beginning of a message, where lengths, types and
 * numbers are; changes of messages drop, double, swap and exchange them, also with those of another conversation. Half of
 * the results are sealed by the target, so that they get past its checksums; some are then cut off.
 */
final class Mutator {
    private static final int MOST_CHANGES = 6;
    private static final int HEAD_BYTES = 48;
    private static final int TAIL_BYTES = 16;
    private static final int MOST_INSERTED_BYTES = 64;
    /** No conversation grows beyond so many messages, however often they are doubled. */
    private static final int MOST_MESSAGES = 200;

    private static final long[] EDGES = {
        0,
        1,
        2,
        3,
        7,
        0x7f,
        0x80,
        0xff,
        0x100,
        0xfff,
        0x1000,
        0x7fff,
        0x8000,
        0xffff,
        0x1_0000,
        0x3_ffff,
        0x4_0000,
        0xa_0000,
        0x7fff_ffff,
        0x8000_0000L,
        0xffff_ffffL,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1
    };

    private final SplittableRandom random;

    Mutator(long seed) {
        this.random = new SplittableRandom(seed);
    }

    byte[] next(Target target, List<Conversation> corpus) {
        List<byte[]> messages =
                new ArrayList<>(corpus.get(random.nextInt(corpus.size())).messages());
        int changes = 1 + Math.min(random.nextInt(MOST_CHANGES), random.nextInt(MOST_CHANGES));
        for (int i = 0; i < changes; i++) {
            change(messages, corpus);
        }
        Conversation mutated = new Conversation(messages);
        byte[] bytes = (random.nextBoolean() ? target.sealed(mutated) : mutated).bytes();
        return random.nextInt(10) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
    }

    private void change(List<byte[]> messages, List<Conversation> corpus) {
        if (messages.isEmpty()) {
            messages.add(random(1 + random.nextInt(MOST_INSERTED_BYTES)));
            return;
        }
        if (random.nextInt(3) == 0) {
            rearrange(messages, corpus.get(random.nextInt(corpus.size())).messages());
            return;
        }
        int which = random.nextInt(messages.size());
        byte[] message = messages.get(which).clone();
        messages.set(which, message.length == 0 ? random(4) : changed(message));
    }

    private void rearrange(List<byte[]> messages, List<byte[]> others) {
        int which = random.nextInt(messages.size());
        byte[] other = others.isEmpty() ? random(8) : others.get(random.nextInt(others.size()));
        switch (random.nextInt(6)) {
            case 0 -> messages.remove(which);
            case 1 -> {
                if (messages.size() < MOST_MESSAGES) {
                    messages.add(random.nextInt(messages.size() + 1), messages.get(which));
                }
            }
            case 2 -> {
                int with = random.nextInt(messages.size());
                byte[] moved = messages.get(which);
                messages.set(which, messages.get(with));
                messages.set(with, moved);
            }
            case 3 -> messages.set(which, other);
            case 4 -> messages.add(which, other);
            default -> {
                messages.subList(which, messages.size()).clear();
                int from = others.isEmpty() ? 0 : random.nextInt(others.size());
                messages.addAll(others.subList(from, others.size()));
            }
        }
    }

    private byte[] changed(byte[] message) {
        int at = place(message.length);
        switch (random.nextInt(8)) {
            case 0, 1 -> message[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> message[at] = (byte) random.nextInt(256);
            case 3, 4 -> edge(message, at);
            case 5 -> {
                return insert(message, at, random(1 + random.nextInt(MOST_INSERTED_BYTES)));
            }
            case 6 -> {
                return remove(message, at, at + 1 + random.nextInt(Math.min(MOST_INSERTED_BYTES, message.length - at)));
            }
            default -> {
                int length = 1 + random.nextInt(Math.min(MOST_INSERTED_BYTES, message.length - at));
                System.arraycopy(message, random.nextInt(message.length - length + 1), message, at, length);
            }
        }
        return message;
    }

    private int place(int length) {
        int where = random.nextInt(10);
        if (where < 6) {
            return random.nextInt(Math.min(length, HEAD_BYTES));
        }
        return where == 6 ? length - 1 - random.nextInt(Math.min(length, TAIL_BYTES)) : random.nextInt(length);
    }

    /** Sets a number of 1, 2, 4 or 8 bytes, of either byte order, to one that limits are made of. */
    private void edge(byte[] message, int at) {
        long value = EDGES[random.nextInt(EDGES.length)] + random.nextInt(3) - 1;
        int width = 1 << random.nextInt(4);
        ByteOrder order = random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(order).putLong(value);
        int from = order == ByteOrder.BIG_ENDIAN ? Long.BYTES - width : 0;
        int start = width <= at ? at & -width : at;
        System.arraycopy(number.array(), from, message, start, Math.min(width, message.length - start));
    }

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static byte[] insert(byte[] message, int at, byte[] bytes) {
        byte[] longer = new byte[message.length + bytes.length];
        System.arraycopy(message, 0, longer, 0, at);
        System.arraycopy(bytes, 0, longer, at, bytes.length);
        System.arraycopy(message, at, longer, at + bytes.length, message.length - at);
        return longer;
    }

    private static byte[] remove(byte[] message, int from, int to) {
        byte[] shorter = new byte[message.length - (to - from)];
        System.arraycopy(message, 0, shorter, 0, from);
        System.arraycopy(message, to, shorter, from, message.length - to);
        return shorter;
    }
}
