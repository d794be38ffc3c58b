package io.lull.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.local.FlakyLink.Manner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FlakyLinkTest {
    private static final int SILENCE_MILLIS = 200;

    private ServerSocket server;
    private FlakyLink link;
    private Socket near;
    private Socket far;

    @BeforeEach
    void connect() throws IOException {
        server = new ServerSocket(0, 4, InetAddress.getLoopbackAddress());
        link = new FlakyLink();
        link.leadTo(server.getLocalPort());
        near = new Socket(InetAddress.getLoopbackAddress(), link.port());
        far = server.accept();
        assertThat(sent(1)).isEqualTo(1);
    }

    @AfterEach
    void close() throws IOException {
        near.close();
        far.close();
        link.close();
        server.close();
    }

    private int sent(int value) throws IOException {
        near.getOutputStream().write(value);
        return far.getInputStream().read();
    }

    @Test
    void whatIsSentInSilenceComesAfterIt() throws Exception {
        link.behave(Manner.SILENT);
        near.getOutputStream().write(7);
        far.setSoTimeout(SILENCE_MILLIS);
        assertThatThrownBy(() -> far.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

        link.behave(Manner.GOOD);
        assertThat(far.getInputStream().read()).isEqualTo(7);
    }

    @Test
    void oneByteIsSpoiltAndNoMore() throws Exception {
        link.behave(Manner.CORRUPTING);

        assertThat(sent(7)).isNotEqualTo(7);
        assertThat(sent(7)).isEqualTo(7);
    }

    @Test
    void aCutEndsBothSidesAndRefusesNewOnes() throws Exception {
        link.behave(Manner.CUT);
        assertThatThrownBy(() -> {
                    near.getOutputStream().write(1);
                    if (near.getInputStream().read() < 0) {
                        throw new IOException("ended");
                    }
                })
                .isInstanceOf(IOException.class);

        link.behave(Manner.GOOD);
        try (Socket again = new Socket(InetAddress.getLoopbackAddress(), link.port());
                Socket there = server.accept()) {
            again.getOutputStream().write(9);
            assertThat(there.getInputStream().read()).isEqualTo(9);
        }
    }
}
