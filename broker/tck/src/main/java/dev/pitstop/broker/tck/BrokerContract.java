package dev.pitstop.broker.tck;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

/**
 * What each adapter of a broker must do, as tests. An adapter's test class extends this one, starts
 * a private broker for all of them, and says how its plain client sees it:
 *
 * <pre>{@code
 * final class MyBrokerTest extends BrokerContract {
 *   private static final PlainMyBroker BROKER = PlainMyBroker.start();
 *
 *   @Override
 *   public PlainBroker broker() {
 *     return BROKER;
 *   }
 * }
 * }</pre>
 *
 * <p>The name of a test begins with the rule that it shows. What only some brokers can do is asked
 * of those whose {@link PlainBroker#traits()} say so. The adapter is found by the scheme of its
 * addresses, as users find it.
 */
public abstract class BrokerContract implements SendingRules, TakingRules, RelayingRules {
  private final Opened opened = new Opened();

  /** For subclasses. */
  protected BrokerContract() {}

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
