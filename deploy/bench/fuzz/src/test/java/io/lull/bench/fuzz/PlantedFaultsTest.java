package io.lull.bench.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.bench.fuzz.parser.Bounds;
import io.lull.bench.fuzz.parser.Conversation;
import io.lull.bench.fuzz.parser.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The fuzzer finds what is wrong with a parser that is known to be wrong. */
@Timeout(120)
class PlantedFaultsTest {
    private static final long SEED = 20_261_128;
    private static final long HANG_LIMIT_NANOS = 2_000_000_000L;
    private static final int INPUTS = 20_000;
    private static final int LENGTH = 100;

    @TempDir
    Path folder;

    private volatile boolean testIsOver;
    private volatile Object sink = "";

    /** A parser of {@code u32 length, bytes}, with one fault. */
    private abstract static class Planted implements Target {
        @Override
        public List<Conversation> corpus() {
            return List.of(Conversation.of(
                    ByteBuffer.allocate(4 + LENGTH).putInt(LENGTH).array()));
        }

        @Override
        public void run(byte[] input) throws Exception {
            if (input.length < 4) {
                throw new IOException("too short");
            }
            length(ByteBuffer.wrap(input).getInt(), input);
        }

        abstract void length(int length, byte[] input) throws Exception;

        @Override
        public boolean refuses(Throwable thrown) {
            return thrown instanceof IOException;
        }

        @Override
        public Bounds bounds() {
            return new Bounds(64 << 10, 10);
        }

        @Override
        public void checkUnharmed() throws Exception {}
    }

    @AfterEach
    void endWhatLoops() {
        testIsOver = true;
    }

    @Test
    void findsAParserThatAllocatesWhatALengthFieldSays() throws Exception {
        assertThat(kinds(new Planted() {
                    @Override
                    void length(int length, byte[] input) throws IOException {
                        if (length < 0 || length > 1 << 24) {
                            throw new IOException("too long");
                        }
                        sink = new byte[length];
                    }
                }))
                .containsOnly(Violation.Kind.ALLOCATION);
    }

    @Test
    void findsAParserThatLoops() throws Exception {
        assertThat(kinds(new Planted() {
                    @Override
                    void length(int length, byte[] input) {
                        int at = 0;
                        while (at < input.length && length != LENGTH && !testIsOver) {
                            at += Math.max(0, length) & 1;
                        }
                    }
                }))
                .contains(Violation.Kind.HANG);
    }

    @Test
    void findsAParserThatIsSlow() throws Exception {
        assertThat(kinds(new Planted() {
                    @Override
                    void length(int length, byte[] input) {
                        long sum = 0;
                        for (long i = 0; length == -1 && i < 3_000_000_000L; i++) {
                            sum += i ^ sum << 1;
                        }
                        sink = sum;
                    }
                }))
                .containsAnyOf(Violation.Kind.SLOW, Violation.Kind.HANG);
    }

    @Test
    void findsAParserThatThrowsWhatItShouldNot() throws Exception {
        List<Violation> found = found(new Planted() {
            @Override
            void length(int length, byte[] input) {
                sink = input[4 + length - 1];
            }
        });
        assertThat(found).extracting(Violation::kind).containsOnly(Violation.Kind.WRONG_EXCEPTION);
        assertThat(found.get(0).what()).contains("ArrayIndexOutOfBoundsException");
        assertThat(found).hasSize(Campaign.MOST_VIOLATIONS);
    }

    @Test
    void findsAParserThatAnInputSpoils() throws Exception {
        assertThat(kinds(new Planted() {
                    private boolean spoilt;

                    @Override
                    void length(int length, byte[] input) {
                        spoilt |= length < 0;
                    }

                    @Override
                    public void checkUnharmed() {
                        if (spoilt) {
                            throw new IllegalStateException("spoilt");
                        }
                    }
                }))
                .containsOnly(Violation.Kind.HARM);
    }

    @Test
    void findsNothingWhereNothingIsWrong() throws Exception {
        assertThat(found(sound())).isEmpty();
    }

    @Test
    void keepsWhatItFoundSoThatItCanBeRepeated() throws Exception {
        Violation violation = new Violation(Violation.Kind.SLOW, "planted", "slow", new byte[] {1, 2});
        String said = new Findings(folder.resolve("found")).keep(violation, SEED);
        Path file;
        try (var files = Files.list(folder.resolve("found"))) {
            file = files.findFirst().orElseThrow();
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(new byte[] {1, 2});
        assertThat(said).contains("fuzz.sh planted --repeat " + file).contains("--seed " + SEED);
    }

    private static Planted sound() {
        return new Planted() {
            @Override
            void length(int length, byte[] input) throws IOException {
                if (length < 0 || length > input.length - 4) {
                    throw new IOException("too long");
                }
            }
        };
    }

    private List<Violation.Kind> kinds(Target planted) throws InterruptedException {
        return found(planted).stream().map(Violation::kind).toList();
    }

    private List<Violation> found(Target planted) throws InterruptedException {
        Campaign.Settings settings = new Campaign.Settings(SEED, 1, HANG_LIMIT_NANOS, folder);
        return new Campaign(settings, List.of(new Subject("planted", INPUTS, own -> planted)))
                .run()
                .violations();
    }
}
