package dev.pitstop.broker.tck;

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
public abstract class BrokerContract extends SenderContract implements TakingRules, RelayingRules {
  /** For subclasses. */
  protected BrokerContract() {}
}
