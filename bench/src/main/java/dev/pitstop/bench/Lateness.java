package dev.pitstop.bench;

import dev.pitstop.Listener;
import dev.pitstop.MessageQueue;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long after its due time a handler is called, for messages that another process stores one by
 * one while the time goes on, 200 a second. The first second warms up and does not count.
 */
final class Lateness {
  private static final int WARM = 200;

  private Lateness() {}

  /**
   * Measures {@code seconds} long.
   *
   * @param ahead how long before it is due a message is stored
   * @return emission minus due of each message in nanoseconds, by the clock of this machine
   */
  static long[] measure(MessageQueue<byte[]> queue, String address, Duration ahead, int seconds)
      throws IOException, InterruptedException {
    int count = WARM + seconds * 200;
    long[] late = new long[count];
    CountDownLatch left = new CountDownLatch(count);
    AtomicInteger next = new AtomicInteger();
    Listener listener =
        queue.listen(
            delivery -> {
              Instant now = Instant.now();
              int index = next.getAndIncrement();
              if (index < count) { // at least once may be more often
                late[index] = Duration.between(delivery.scheduledFor(), now).toNanos();
              }
              left.countDown();
            });
    Process putter = startPutter(address, queue.name(), count, ahead);
    try {
      if (putter.waitFor() != 0) {
        throw new IllegalStateException("the process that stores failed: " + putter.exitValue());
      }
      if (!left.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException(left.getCount() + " of " + count + " did not come");
      }
    } finally {
      putter.destroyForcibly();
      listener.stop().join();
    }
    return Arrays.copyOfRange(late, WARM, count);
  }

  private static Process startPutter(String address, String queue, int count, Duration ahead)
      throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(
            java,
            "-Xmx128m",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-cp",
            System.getProperty("java.class.path"),
            LatenessPutter.class.getName(),
            queue,
            Integer.toString(count),
            Long.toString(ahead.toMillis()));
    builder.environment().put(LatenessPutter.ADDRESS, address);
    builder.redirectOutput(Redirect.DISCARD).redirectError(Redirect.INHERIT);
    return builder.start();
  }
}
