package dev.pitstop.server.metrics;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What names are called in figures: the first so many as they are, the rest all {@code other}, so
 * that there are never more series than that. Thread-safe.
 */
final class Labels {
  static final String OTHER = "other";

  private final int most;
  private final ConcurrentMap<String, String> own = new ConcurrentHashMap<>();

  Labels(int most) {
    this.most = most;
  }

  String of(String name) {
    String known = own.get(name);
    return known != null ? known : added(name);
  }

  private synchronized String added(String name) {
    if (own.size() >= most) {
      return own.getOrDefault(name, OTHER);
    }
    own.put(name, name);
    return name;
  }
}
