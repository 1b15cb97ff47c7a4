package dev.pitstop.server.live;

import dev.pitstop.PitstopException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What one process has done within a stretch of time, by queue and step. For one thread at a time.
 *
 * <p>As text it has a line for each queue: its name, then for each step in which there was
 * something {@code step:acked,failed,buried}. A later format begins otherwise than with {@code 1}.
 */
final class Block {
  /** The row of all queues that have none of their own. */
  static final String OTHERS = "*";

  private static final int MOST_QUEUES = 100;
  private static final String FORMAT = "1";
  private static final int FIGURES = 3;

  private final Resolution resolution;
  private final long start;
  private final Map<String, long[]> rows = new TreeMap<>();
  private boolean changed;

  /** An empty one that begins at a second. */
  Block(Resolution resolution, long start) {
    this.resolution = resolution;
    this.start = start;
  }

  /** Where what was done in a bucket goes. */
  interface Sum {
    void add(long second, long acked, long failed, long buried);
  }

  long start() {
    return start;
  }

  /** Whether it was added to since it was last written. */
  boolean isChanged() {
    return changed;
  }

  void written() {
    changed = false;
  }

  /** It was not written after all. */
  void changeAgain() {
    changed = true;
  }

  void add(String queue, long second, long acked, long failed, long buried) {
    boolean own = rows.containsKey(queue) || rows.size() < MOST_QUEUES;
    long[] row =
        rows.computeIfAbsent(own ? queue : OTHERS, name -> new long[resolution.slots() * FIGURES]);
    int at = slot(second) * FIGURES;
    row[at] += acked;
    row[at + 1] += failed;
    row[at + 2] += buried;
    changed = true;
  }

  private int slot(long second) {
    return Math.toIntExact((second - start) / resolution.step().toSeconds());
  }

  /** Adds up what some queues have, step by step. */
  void sum(Predicate<String> queues, Sum sum) {
    rows.forEach(
        (queue, row) -> {
          for (int slot = 0; queues.test(queue) && slot < resolution.slots(); slot++) {
            int at = slot * FIGURES;
            if (row[at] + row[at + 1] + row[at + 2] > 0) {
              long second = start + slot * resolution.step().toSeconds();
              sum.add(second, row[at], row[at + 1], row[at + 2]);
            }
          }
        });
  }

  Block copy() {
    Block copy = new Block(resolution, start);
    rows.forEach((queue, row) -> copy.rows.put(queue, row.clone()));
    return copy;
  }

  byte[] text() {
    StringBuilder text = new StringBuilder(FORMAT);
    rows.forEach(
        (queue, row) -> {
          text.append('\n').append(queue);
          for (int slot = 0; slot < resolution.slots(); slot++) {
            int at = slot * FIGURES;
            if (row[at] + row[at + 1] + row[at + 2] > 0) {
              text.append(' ').append(slot).append(':').append(row[at]);
              text.append(',').append(row[at + 1]).append(',').append(row[at + 2]);
            }
          }
        });
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The block of a text.
   *
   * @throws PitstopException when it is none
   */
  static Block parse(Resolution resolution, long start, byte[] text) {
    String[] lines = new String(text, StandardCharsets.UTF_8).split("\n", -1);
    Block block = new Block(resolution, start);
    try {
      if (!lines[0].equals(FORMAT)) {
        throw new PitstopException("totals of a format that is not known");
      }
      for (int line = 1; line < lines.length; line++) {
        String[] parts = lines[line].split(" ", -1);
        for (int i = 1; i < parts.length; i++) {
          String[] numbers = parts[i].split("[:,]", -1);
          long slot = Integer.parseInt(numbers[0]);
          block.add(
              parts[0],
              start + slot * resolution.step().toSeconds(),
              Long.parseLong(numbers[1]),
              Long.parseLong(numbers[2]),
              Long.parseLong(numbers[3]));
        }
      }
      return block;
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw new PitstopException("totals that cannot be read", e);
    }
  }
}
