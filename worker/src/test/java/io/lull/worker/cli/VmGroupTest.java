package io.lull.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.config.ConfigException;
import io.lull.worker.qemu.Await;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

@Timeout(60)
class VmGroupTest {
    private final StringWriter errors = new StringWriter();
    private final VmGroup group = new VmGroup(new PrintWriter(errors, true));
    private final CountDownLatch bothRun = new CountDownLatch(2);
    private final List<String> ended = new CopyOnWriteArrayList<>();

    @Test
    void aVmThatFailsLeavesTheOthersAndTheProcessSaysSoAtItsEnd() throws Exception {
        group.add("lost", stop -> {
            throw new IOException("QEMU can't be reached");
        });
        addTwoThatStay();
        CompletableFuture<Integer> code = running();

        awaitError("lull: vm lost: QEMU can't be reached (2 VMs of this process go on)");
        assertThat(bothRun.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(code).isNotDone();
        group.stop();
        assertThat(code.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(ended).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void aVmThatKafkaKeepsFromItsStartIsBegunAgainUntilItIsUp() throws Exception {
        CountDownLatch up = new CountDownLatch(1);
        AtomicInteger attempts = new AtomicInteger();
        group.add("early", stop -> {
            if (attempts.incrementAndGet() < 3) {
                throw new AgainException(new IOException("Kafka can't be reached"));
            }
            up.countDown();
            stop.await();
            ended.add("early");
        });
        addTwoThatStay();
        CompletableFuture<Integer> code = running();

        assertThat(up.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(errors.toString().lines())
                .as("said once")
                .containsExactly("lull: vm early: Kafka can't be reached (begun again until it works)");
        group.stop();
        assertThat(code.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(ended).containsExactlyInAnyOrder("a", "b", "early");
    }

    @Test
    void aVmThatIsNotUpYetEndsWhenTheProcessIsToldTo() throws Exception {
        group.add("never", stop -> {
            throw new AgainException("Kafka can't be reached");
        });
        addTwoThatStay();
        CompletableFuture<Integer> code = running();
        assertThat(bothRun.await(10, TimeUnit.SECONDS)).isTrue();
        awaitError("lull: vm never: Kafka can't be reached");
        group.stop();
        assertThat(code.get(10, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void aBugInOneVmLeavesTheOthers() throws Exception {
        group.add("buggy", stop -> {
            throw new IllegalStateException("bug in the agent");
        });
        group.add("worse", stop -> {
            throw new StackOverflowError();
        });
        addTwoThatStay();
        CompletableFuture<Integer> code = running();

        awaitError("lull: vm buggy: bug: java.lang.IllegalStateException: bug in the agent");
        awaitError("lull: vm worse: bug: java.lang.StackOverflowError");
        assertThat(code).isNotDone();
        group.stop();
        assertThat(code.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(ended).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void aVmThatPowersOffEndsAloneAndTheProcessWithTheLast() throws Exception {
        group.add("off", stop -> ended.add("off"));
        addTwoThatStay();
        CompletableFuture<Integer> code = running();

        assertThat(bothRun.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(code).isNotDone();
        group.stop();
        assertThat(code.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(errors.toString()).isEmpty();
    }

    @Test
    void aVmThatCanNotEvenBeAskedToEndKeepsNoOtherFromIt() throws Exception {
        CountDownLatch listens = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        group.add("deaf", stop -> {
            stop.byCalling(() -> {
                asked.countDown();
                throw new IllegalStateException("bug in stopping");
            });
            listens.countDown();
            asked.await();
        });
        addTwoThatStay();
        CompletableFuture<Integer> code = running();
        assertThat(bothRun.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(listens.await(10, TimeUnit.SECONDS)).isTrue();
        group.stop();
        assertThat(code.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(ended).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void theOnlyVmFailsForTheProcess() {
        group.add("only", stop -> {
            throw new IOException("QEMU can't be reached");
        });
        assertThatThrownBy(group::run).isInstanceOf(IOException.class).hasMessage("QEMU can't be reached");
        assertThat(errors.toString()).isEmpty();
    }

    @Test
    void whatIsLoggedForAVmSaysItsNameOnAllItsThreads() throws Exception {
        for (String name : List.of("a", "b")) {
            group.add(name, stop -> {
                Thread its = new Thread(() -> ended.add(name + "=" + MDC.get("vm")));
                its.start();
                its.join();
            });
        }
        assertThat(group.run()).isZero();
        assertThat(ended).containsExactlyInAnyOrder("a=a", "b=b");
    }

    @Test
    void aRequestToEndThatComesBeforeAVmListensIsHeard() throws Exception {
        Stop stop = new Stop();
        stop.ask();
        stop.await();
        stop.byCalling(() -> ended.add("called"));
        assertThat(ended).containsExactly("called");
    }

    private void addTwoThatStay() {
        for (String name : List.of("a", "b")) {
            group.add(name, stop -> {
                bothRun.countDown();
                stop.await();
                ended.add(name);
            });
        }
    }

    private CompletableFuture<Integer> running() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return group.run();
            } catch (IOException | ConfigException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void awaitError(String part) throws Exception {
        Await.until("it says: " + part, () -> errors.toString().contains(part));
    }
}
