package dev.pitstop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptFutureTest {
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void answersAsAnyFutureDoes(boolean alone) throws Exception {
    PromptFuture<String> future = new PromptFuture<>(() -> alone);
    assertThatThrownBy(() -> future.get(1, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    Thread waiter = Thread.currentThread();
    Thread teller =
        new Thread(
            () -> {
              Await.until(() -> waiter.getState() == Thread.State.WAITING);
              future.complete("told");
            });
    teller.start();
    assertThat(future.join()).isEqualTo("told");
    assertThat(future.get()).isEqualTo("told");
    assertThat(future.get(1, TimeUnit.SECONDS)).isEqualTo("told");
    teller.join();
  }

  @Test
  void failsAsAnyFutureDoes() {
    PromptFuture<String> future = new PromptFuture<>(() -> true);
    future.completeExceptionally(new IllegalStateException("no"));
    assertThatThrownBy(future::join)
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining("no");
    assertThatThrownBy(future::get)
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("no");
  }
}
