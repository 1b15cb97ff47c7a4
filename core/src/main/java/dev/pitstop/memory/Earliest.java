package dev.pitstop.memory;

import dev.pitstop.spi.Wakes;
import java.util.HashMap;
import java.util.Map;

/** When something of each queue became leasable by one call, to wake for the earliest only. */
final class Earliest {
  private final Map<String, Long> millis = new HashMap<>();

  void add(String queue, long at) {
    millis.merge(queue, at, Math::min);
  }

  void wake(Wakes wakes) {
    millis.forEach(wakes::leasableAt);
  }
}
