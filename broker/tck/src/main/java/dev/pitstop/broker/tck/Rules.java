package dev.pitstop.broker.tck;

import dev.pitstop.Message;
import dev.pitstop.broker.SendException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** What the rules' tests are made of. */
interface Rules {
  /** For everything that has no time limit of its own: no test waits so long but a failing one. */
  Duration LONG = Duration.ofSeconds(90);

  PlainBroker broker();

  Duration patience();

  Opened opened();

  /** Messages whose bodies are {@code 0}, {@code 1} and so on. */
  static List<Message<byte[]>> numbered(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).map(Rules::text).toList();
  }

  static Message<byte[]> text(String body) {
    return Message.of(body.getBytes(StandardCharsets.UTF_8));
  }

  static String body(Message<byte[]> message) {
    return new String(message.body(), StandardCharsets.UTF_8);
  }

  static List<String> texts(List<Message<byte[]>> messages) {
    return messages.stream().map(Rules::body).toList();
  }

  static void complete(CompletableFuture<?> future, Duration limit) {
    try {
      future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("not complete within " + limit, e);
    } catch (ExecutionException e) {
      throw new AssertionError("failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The failure of a send. */
  static SendException failure(CompletableFuture<Void> sending, Duration limit) {
    try {
      sending.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      throw new AssertionError("confirmed");
    } catch (TimeoutException e) {
      throw new AssertionError("neither confirmed nor failed within " + limit, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SendException failure) {
        return failure;
      }
      throw new AssertionError("failed, and not with a SendException", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Looks again and again until something is true, where nobody tells when it is. */
  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError(what + " was not seen within " + LONG);
      }
      LockSupport.parkNanos(20_000_000);
    }
  }
}
