package io.lull.local.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.local.Await;
import io.lull.local.FlakyLink;
import io.lull.local.GuestSpec;
import io.lull.policy.ReplicationEvent.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** After a cut connection only what differs is sent, from a shadow of either kind, and the image is the guest's memory. */
@Tag("guest")
@Timeout(180)
class ResyncIT {
    private static final long LIMIT_MILLIS = 60_000;
    /** Several rounds of the guest's memory a second. */
    private static final int VERIFIED_PAGES = 200_000;

    private static final int RAM_PAGES = GuestSpec.RAM_KIB / 4;
    private static final Pattern SENT = Pattern.compile("initial copy: (\\d+) pages, (\\d+) bytes sent");

    @TempDir
    static Path folder;

    private static FaultGuest guest;

    @BeforeAll
    static void boot() throws Exception {
        guest = FaultGuest.boot(folder);
    }

    @AfterAll
    static void end() {
        guest.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"full", "lean"})
    void aSecondSessionSendsOnlyWhatDiffersAndTheImageIsTheGuestsMemory(String shadow) throws Exception {
        try (TestBackup backup = TestBackup.manual(folder.resolve(shadow), guest.disk("backup"), 0);
                FlakyLink link = FlakyLink.to(backup.port());
                RunningAgent worker = new RunningAgent(guest.loaded(
                        link.port(),
                        Map.of("pipeline.shadow", shadow, "pipeline.verifyPagesPerSecond", VERIFIED_PAGES)))) {
            worker.events().await(Kind.PROTECTED, 1, LIMIT_MILLIS);
            backup.awaitCommits(20);
            link.behave(FlakyLink.Manner.CUT);
            worker.events().await(Kind.UNPROTECTED, 1, LIMIT_MILLIS);
            link.behave(FlakyLink.Manner.GOOD);
            worker.events().await(Kind.PROTECTED, 2, LIMIT_MILLIS);

            List<Long> sent = worker.events().details(Kind.ARMED).stream()
                    .map(ResyncIT::bytesSent)
                    .toList();
            System.out.printf("shadow %s: first copy and resync: %s bytes%n", shadow, sent);
            assertThat(sent).hasSize(2);
            assertThat(sent.get(1)).isLessThan(sent.get(0) / 4);
            assertThat(backup.hashSeeds())
                    .as("with another seed the backup would hash its whole image again")
                    .hasSize(2)
                    .containsOnly(backup.hashSeeds().get(0));

            long verified = backup.backup().status().verifiedPages();
            Await.until(
                    "all pages are verified twice",
                    LIMIT_MILLIS,
                    () -> backup.backup().status().verifiedPages() > verified + 2L * RAM_PAGES);
            assertThat(worker.events().count(Kind.VERIFY_FAILED)).isZero();
            assertThat(worker.events().count(Kind.UNPROTECTED)).isEqualTo(1);
            worker.close();
        }
        assertThat(guest.leftovers()).isEmpty();
    }

    private static long bytesSent(String detail) {
        Matcher matcher = SENT.matcher(detail);
        assertThat(matcher.matches()).as(detail).isTrue();
        return Long.parseLong(matcher.group(2));
    }
}
