package io.lull.worker.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lull.worker.qemu.Qmp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DiskMirrorTest {
    private static final MirrorSpec SPEC =
            new MirrorSpec("m0", "d0", Path.of("nbd.sock"), "disk", Optional.of(new CopyLimit(20_000_000, 1 << 20)));

    private final FakeJob qemu = new FakeJob();
    private final List<String> losses = new ArrayList<>();
    private final DiskMirror mirror = new DiskMirror(qemu, SPEC, losses::add);

    @Test
    void addsTheTargetThenTheJobAndRemovesThemInReverse() throws IOException {
        mirror.start();
        assertThat(mirror.state()).isEqualTo(MirrorState.COPYING);
        assertThat(qemu.sent)
                .containsExactly("blockdev-add m0-target", "blockdev-mirror write-blocking 20000000 1048576");
        mirror.close();
        assertThat(qemu.sent.subList(2, qemu.sent.size()))
                .containsExactly("block-job-cancel true", "blockdev-del m0-target");
        assertThat(mirror.state()).isEqualTo(MirrorState.CLOSED);
        mirror.close();
        assertThat(qemu.sent).hasSize(4);
        assertThat(losses).isEmpty();
    }

    @Test
    void isReadyByEventOrByPollWhicheverComesFirst() throws Exception {
        mirror.start();
        assertThat(mirror.awaitReady(0)).isFalse();
        mirror.onEvent("BLOCK_JOB_READY", job("other"));
        assertThat(mirror.state()).isEqualTo(MirrorState.COPYING);
        mirror.onEvent("BLOCK_JOB_READY", job("m0"));
        assertThat(mirror.state()).isEqualTo(MirrorState.READY);

        FakeJob second = new FakeJob();
        DiskMirror polled = new DiskMirror(second, SPEC, losses::add);
        polled.start();
        second.ready = true;
        assertThat(polled.awaitReady(10_000)).isTrue();
    }

    @Test
    void aCopyThatGoesOnMayTakeLongerThanItMayStandStill() throws Exception {
        mirror.start();
        qemu.pollsToCopy = 10;
        assertThat(mirror.awaitReady(3 * DiskMirror.POLL_MILLIS)).isTrue();
    }

    @Test
    void tellsOnceThatTheDiskIsUnprotectedWhenTheJobEnds() throws Exception {
        mirror.start();
        mirror.onEvent("BLOCK_JOB_READY", job("m0"));
        mirror.onEvent("BLOCK_JOB_ERROR", job("m0"));
        mirror.onEvent("BLOCK_JOB_COMPLETED", job("m0").put("error", "Input/output error"));
        assertThat(losses).hasSize(1);
        assertThat(losses.get(0)).contains("d0").contains("BLOCK_JOB_ERROR");
        assertThat(mirror.state()).isEqualTo(MirrorState.FAILED);
        assertThat(mirror.awaitReady(10_000)).isFalse();
        qemu.running = false;
        mirror.close();
        assertThat(qemu.sent).endsWith("blockdev-del m0-target").doesNotContain("block-job-cancel true");
    }

    @Test
    void noticesByPollThatTheJobIsGone() throws Exception {
        mirror.start();
        qemu.running = false;
        assertThat(mirror.awaitReady(10_000)).isFalse();
        assertThat(losses).hasSize(1);
    }

    @Test
    void leavesNothingInQemuWhenTheJobIsRefused() {
        qemu.refused = "blockdev-mirror";
        assertThatThrownBy(mirror::start).isInstanceOf(IOException.class);
        assertThat(qemu.sent).containsExactly("blockdev-add m0-target", "blockdev-del m0-target");
        assertThat(mirror.state()).isEqualTo(MirrorState.CLOSED);
        assertThatThrownBy(mirror::start).isInstanceOf(IllegalStateException.class);
    }

    private static ObjectNode job(String id) {
        return JsonNodeFactory.instance.objectNode().put("device", id);
    }

    /** A QEMU with at most one job. */
    private static final class FakeJob implements Qmp {
        final List<String> sent = new ArrayList<>();
        boolean running;
        boolean ready;
        /** It copies something before each answer to so many questions, and is ready then. */
        int pollsToCopy;

        private long offset;
        String refused = "";

        @Override
        public JsonNode execute(String command, Map<String, ?> arguments) throws IOException {
            if (command.equals(refused)) {
                throw new IOException("refused: " + command);
            }
            switch (command) {
                case "query-block-jobs" -> {
                    return jobs();
                }
                case "blockdev-mirror" -> {
                    running = true;
                    sent.add(command + " " + arguments.get("copy-mode") + " " + arguments.get("speed") + " "
                            + arguments.get("buf-size"));
                }
                case "block-job-cancel" -> {
                    running = false;
                    sent.add(command + " " + arguments.get("force"));
                }
                default -> sent.add(command + " " + arguments.get("node-name"));
            }
            return JsonNodeFactory.instance.objectNode();
        }

        private ArrayNode jobs() {
            ArrayNode jobs = JsonNodeFactory.instance.arrayNode();
            if (pollsToCopy > 0) {
                pollsToCopy--;
                offset += 512;
                ready = pollsToCopy == 0;
            }
            if (running) {
                jobs.add(job("m0").put("ready", ready).put("offset", offset));
            }
            return jobs;
        }
    }
}
