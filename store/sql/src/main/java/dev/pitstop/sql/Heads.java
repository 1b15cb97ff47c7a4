package dev.pitstop.sql;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The head of each queue that this process has used. Thread-safe. */
final class Heads {
  private final ConcurrentMap<String, Head> heads = new ConcurrentHashMap<>();

  Head of(String queue) {
    return heads.computeIfAbsent(queue, name -> new Head());
  }
}
