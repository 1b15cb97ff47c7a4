package dev.pitstop.nats;

import io.nats.client.Options;
import io.nats.client.impl.SocketDataPortWithWriteTimeout;
import java.io.IOException;
import java.util.Objects;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The socket to NATS; made by the client only, which finds it by its name. It differs from the
 * client's own in two things. The thread of the client that reads ends without a word at headers
 * that it cannot read, as other clients send them, and the message would come again and again: so
 * they are put in its words before it sees them. And a certificate must be that of the host. Used
 * by one thread that reads and one that writes.
 */
public final class NatsPort extends SocketDataPortWithWriteTimeout {
  private static final int BUFFER = 64 * 1024;

  private final Incoming incoming = new Incoming();
  private final byte[] buffer = new byte[BUFFER];
  private @Nullable Options options;

  /** For the client. */
  public NatsPort() {}

  @Override
  public void afterConstruct(Options options) {
    super.afterConstruct(options);
    this.options = options;
  }

  @Override
  public void upgradeToSecure() throws IOException {
    Options set = Objects.requireNonNull(options, "options");
    SSLSocket secured =
        (SSLSocket)
            Objects.requireNonNull(set.getSslContext(), "TLS is not set")
                .getSocketFactory()
                .createSocket(socket, host, port, true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secured.setSSLParameters(parameters);
    secured.setSoTimeout((int) Math.min(set.getConnectionTimeout().toMillis(), Integer.MAX_VALUE));
    secured.startHandshake();
    secured.setSoTimeout(0);
    socket = secured;
    in = secured.getInputStream();
    out = secured.getOutputStream();
    isSecure = true;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int given = incoming.give(target, offset, length);
    while (given == 0) {
      int read = super.read(buffer, 0, buffer.length);
      if (read < 0) {
        return read;
      }
      incoming.take(buffer, read);
      given = incoming.give(target, offset, length);
    }
    return given;
  }
}
