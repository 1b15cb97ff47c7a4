package dev.pitstop.client;

import dev.pitstop.spi.Capability;
import dev.pitstop.spi.Store;
import dev.pitstop.tck.StoreContract;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The conformance kit on clients of a server whose store is in memory and goes by the kit's clock,
 * which the kit moves: to the millisecond, and beside the model. Only what the client tells of the
 * time is left out, as it cannot know of a clock that is moved by hand.
 */
final class MemoryServerTest extends StoreContract {
  @RegisterExtension private final ServedEach servers = new ServedEach();

  @Override
  protected Store open(Path directory, InstantSource clock) {
    return byTheClock(servers.client(directory, () -> ClockedStoreFactory.address(clock)), clock);
  }

  private static Store byTheClock(Store client, InstantSource clock) {
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "now" -> clock.instant();
                  case "capabilities" -> Set.of(Capability.SHARED, Capability.SETTABLE_CLOCK);
                  default -> call(client, method, arguments);
                });
  }

  private static Object call(Store client, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(client, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Override
  protected int crowd() {
    return 2_000;
  }
}
