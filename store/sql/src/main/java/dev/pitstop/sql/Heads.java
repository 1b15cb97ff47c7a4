package dev.pitstop.sql;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;

/** The head of each queue that this process has used. Thread-safe. */
final class Heads {
  private final ConcurrentMap<String, Head> heads = new ConcurrentHashMap<>();

  Head of(String queue) {
    return heads.computeIfAbsent(queue, name -> new Head());
  }

  /** The furthest position that this process has leased in each of some queues. */
  Map<String, Position> furthest(Collection<String> queues) {
    return queues.stream().collect(Collectors.toMap(queue -> queue, queue -> of(queue).furthest()));
  }

  /**
   * Says that something was put, from when on it can be leased in each queue.
   *
   * @param before the furthest position of each queue before that
   */
  void put(Map<String, Long> earliest, Map<String, Position> before) {
    earliest.forEach(
        (queue, due) -> of(queue).put(due, before.getOrDefault(queue, Position.START)));
  }
}
