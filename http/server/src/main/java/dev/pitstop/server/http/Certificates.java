package dev.pitstop.server.http;

import dev.pitstop.PitstopException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that connections are made with: read from its files again when they change, for
 * connections from then on. Thread-safe.
 */
final class Certificates extends AbstractLifeCycle {
  /*
   * The files are compared by what they hold: those that an orchestrator mounts are links that are
   * exchanged, and a time of change may be an old one. When new ones cannot be used the old ones
   * stay in use; the log says so once for each change.
   */
  private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);

  private final Tls tls;
  private final Scheduler scheduler;
  private final SslContextFactory.Server context = new SslContextFactory.Server();
  private volatile boolean running;
  private volatile String lastFailure = "";
  private Pem used; // touched by one look at a time

  /**
   * The certificate as its files have it now.
   *
   * @throws PitstopException when it cannot be used
   */
  Certificates(Tls tls, Scheduler scheduler) {
    this.tls = tls;
    this.scheduler = scheduler;
    used = Pem.read(tls);
    context.setKeyStore(used.keyStore(tls));
    context.setKeyStorePassword("");
    context.setIncludeProtocols("TLSv1.3", "TLSv1.2");
  }

  SslContextFactory.Server context() {
    return context;
  }

  @Override
  protected void doStart() {
    running = true;
    lookLater();
  }

  @Override
  protected void doStop() {
    running = false;
  }

  private void lookLater() {
    scheduler.schedule(this::look, tls.look().toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    if (!running) {
      return;
    }
    try {
      Pem now = Pem.read(tls);
      if (!now.sameAs(used)) {
        KeyStore store = now.keyStore(tls);
        context.reload(factory -> factory.setKeyStore(store));
        used = now;
        LOG.info("the certificate in {} is in use now", tls.certificate());
      }
      lastFailure = "";
    } catch (Exception e) {
      failed(e);
    }
    lookLater();
  }

  private void failed(Exception e) {
    String failure = String.valueOf(e.getMessage());
    if (!failure.equals(lastFailure)) {
      LOG.warn("a changed certificate is not used, the one before is: {}", failure);
      lastFailure = failure;
    }
  }
}
