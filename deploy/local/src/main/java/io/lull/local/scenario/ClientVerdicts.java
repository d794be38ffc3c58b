package io.lull.local.scenario;

import io.lull.local.client.DownloadReport;
import io.lull.local.client.IncrReport;

/** What clients must have seen, whatever happened to the hosts of their server. */
final class ClientVerdicts {
    /** A closed-loop client can have one reply on its way to it when its server is killed; the next is the new server's. */
    private static final long REPLIES_ON_THEIR_WAY = 1;

    private ClientVerdicts() {}

    /** One connection, on which each reply came once. */
    static void incr(Verdicts verdicts, IncrReport seen) {
        verdicts.check("the INCR connection is alive", seen.alive(), seen.alive());
        verdicts.check("no reply lost", seen.lost() == 0, seen.lost());
        verdicts.check("no reply doubled", seen.doubled() == 0, seen.doubled());
    }

    /** The server answers on that connection after its loss. */
    static void answeredSince(Verdicts verdicts, long repliesAtTheKill, IncrReport seen) {
        long since = seen.replies() - repliesAtTheKill;
        verdicts.check(
                "the backup's VM answered",
                since > REPLIES_ON_THEIR_WAY,
                since + " replies after the kill, " + repliesAtTheKill + " before");
    }

    /** All bytes of a file came, and the right ones. */
    static void download(Verdicts verdicts, DownloadReport seen, String md5) {
        verdicts.check("the download is whole", seen.whole(), seen.bytes());
        verdicts.check("the download's MD5 is right", seen.md5().equals(md5), seen.md5());
    }
}
