package dev.pitstop.client;

import dev.pitstop.spi.Capability;
import dev.pitstop.spi.Store;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;

/**
 * A client of a server whose store goes by a clock that the kit moves by hand. Only what a client
 * tells of the time is another's here, as it cannot know of that.
 */
final class ByTheClock {
  private ByTheClock() {}

  static Store of(Store client, InstantSource clock) {
    Set<Capability> capabilities = EnumSet.of(Capability.SETTABLE_CLOCK);
    capabilities.addAll(client.capabilities());
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "now" -> clock.instant();
                  case "capabilities" -> Set.copyOf(capabilities);
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
}
