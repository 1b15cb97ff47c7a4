package dev.pitstop.broker.tck;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

/**
 * What each adapter must do of a kind that can only be sent to, as tests; {@link BrokerContract} is
 * for all others and says more. Of a {@link PlainBroker} neither {@code put} nor {@code left} is
 * asked.
 */
public abstract class SenderContract implements SendingRules {
  private final Opened opened = new Opened();

  /** For subclasses. */
  protected SenderContract() {}

  /** The broker, which runs: the same for all tests. */
  @Override
  public abstract PlainBroker broker();

  /**
   * How long at most a send may take that the broker does not answer, or an end of what hangs: 20 s
   * unless overridden.
   */
  @Override
  public Duration patience() {
    return Duration.ofSeconds(20);
  }

  /** For the kit itself. */
  @Override
  public final Opened opened() {
    return opened;
  }

  @AfterEach
  final void closeAll() {
    opened.close();
  }
}
