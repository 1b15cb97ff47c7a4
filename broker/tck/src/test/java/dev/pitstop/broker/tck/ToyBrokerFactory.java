package dev.pitstop.broker.tck;

import dev.pitstop.broker.BrokerAddress;
import dev.pitstop.broker.BrokerFactory;
import dev.pitstop.broker.Sender;
import dev.pitstop.broker.Source;
import dev.pitstop.spi.Option;
import java.util.List;
import java.util.Set;

/** Opens places of the {@link ToyBroker} of the moment: {@code toy://me:s3cret@here/place}. */
public final class ToyBrokerFactory implements BrokerFactory {
  /** For {@code ServiceLoader}. */
  public ToyBrokerFactory() {}

  @Override
  public Set<String> schemes() {
    return Set.of("toy");
  }

  @Override
  public List<Option<?>> options() {
    return List.of();
  }

  @Override
  public String destination(BrokerAddress address) {
    return address.path();
  }

  @Override
  public Sender sender(BrokerAddress address) {
    ToyBroker broker = ToyBroker.current();
    if (broker.has(Fault.MUST_BE_THERE) && !broker.isRunning()) {
      throw new IllegalStateException("the broker is away");
    }
    return new ToySender(broker);
  }

  @Override
  public Source source(BrokerAddress address) {
    return new ToySource(ToyBroker.current(), address.path());
  }
}
