package dev.pitstop.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Codec;
import dev.pitstop.Delivery;
import dev.pitstop.ListenerOptions;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.PitstopOptions;
import dev.pitstop.memory.MemoryStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.SkipException;

/** Deliveries as a stream: the Reactive Streams TCK, and what the contract adds. */
class DeliveriesTest {
  private final Pitstop pitstop = Pitstop.on(new MemoryStore(), PitstopOptions.defaults());
  private final MessageQueue<String> queue = pitstop.queue("q", Codec.text());
  private final BlockingQueue<Delivery<String>> received = new LinkedBlockingQueue<>();
  private final CountDownLatch completed = new CountDownLatch(1);

  @AfterEach
  void close() {
    pitstop.close(Duration.ZERO);
  }

  /** Each test of the TCK, under its name. */
  @TestFactory
  Stream<DynamicTest> reactiveStreamsTck() {
    return Arrays.stream(Verification.class.getMethods())
        .filter(method -> method.isAnnotationPresent(org.testng.annotations.Test.class))
        .sorted(Comparator.comparing(Method::getName))
        .map(method -> DynamicTest.dynamicTest(method.getName(), () -> run(method)));
  }

  private static void run(Method test) throws Throwable {
    Verification verification = new Verification();
    verification.setUp();
    try {
      test.invoke(verification);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SkipException skip) {
        throw new TestAbortedException(skip.getMessage());
      }
      throw e.getCause();
    } finally {
      verification.close();
    }
  }

  /** A stream of as many messages as the TCK asks for; it completes by being closed only. */
  public static final class Verification extends FlowPublisherVerification<Delivery<String>> {
    private final Pitstop pitstop = Pitstop.on(new MemoryStore(), PitstopOptions.defaults());

    /** With the TCK's time limits. */
    public Verification() {
      super(new TestEnvironment(1_000, 100));
    }

    @Override
    public Flow.Publisher<Delivery<String>> createFlowPublisher(long elements) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      long stored = Math.min(elements, 2_000);
      for (long i = 0; i < stored; i++) {
        queue.store("m" + i, Instant.EPOCH).join();
      }
      return queue.deliveries(ListenerOptions.defaults().concurrency(10_000));
    }

    @Override
    public Flow.@Nullable Publisher<Delivery<String>> createFailedFlowPublisher() {
      Pitstop closed = Pitstop.on(new MemoryStore(), PitstopOptions.defaults());
      closed.close();
      return closed.queue("q", Codec.text()).deliveries();
    }

    @Override
    public long maxElementsFromPublisher() {
      return publisherUnableToSignalOnComplete();
    }

    void close() {
      pitstop.close(Duration.ZERO);
    }
  }

  private final class Collecting implements Flow.Subscriber<Delivery<String>> {
    private Flow.@Nullable Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
    }

    @Override
    public void onNext(Delivery<String> delivery) {
      received.add(delivery);
    }

    @Override
    public void onError(Throwable failure) {
      throw new AssertionError(failure);
    }

    @Override
    public void onComplete() {
      completed.countDown();
    }

    void request(long n) {
      if (subscription != null) {
        subscription.request(n);
      }
    }

    void cancel() {
      if (subscription != null) {
        subscription.cancel();
      }
    }
  }

  private Delivery<String> next() throws InterruptedException {
    Delivery<String> delivery = received.poll(60, TimeUnit.SECONDS);
    assertThat(delivery).as("a delivery within a minute").isNotNull();
    return delivery;
  }

  private void store(int count) {
    for (int i = 0; i < count; i++) {
      queue.store("m" + i, Instant.EPOCH).join();
    }
  }

  @Test
  void E07_noMoreIsLeasedThanWasRequested() throws InterruptedException {
    store(100);
    Collecting subscriber = new Collecting();
    queue.deliveries().subscribe(subscriber);
    subscriber.request(3);
    for (int i = 0; i < 3; i++) {
      next();
    }
    assertThat(queue.stats().join().leased()).isEqualTo(3);
    assertThat(received).isEmpty();
  }

  @Test
  void E07_unsettledDeliveriesAreBoundedHoweverManyWereRequested() throws InterruptedException {
    store(100);
    Collecting subscriber = new Collecting();
    queue.deliveries(ListenerOptions.defaults().concurrency(5)).subscribe(subscriber);
    subscriber.request(Long.MAX_VALUE);
    for (int i = 0; i < 95; i++) {
      assertThat(queue.stats().join().leased()).isLessThanOrEqualTo(5);
      next().ack();
    }
  }

  @Test
  void E05_aDeliveryNobodySettlesComesBack() throws InterruptedException {
    store(1);
    Collecting subscriber = new Collecting();
    queue
        .deliveries(ListenerOptions.defaults().concurrency(1).leaseTime(Duration.ofMillis(200)))
        .subscribe(subscriber);
    subscriber.request(10);
    assertThat(next().attempt()).isEqualTo(1);
    assertThat(next().attempt()).isEqualTo(2);
  }

  @Test
  void S08_whatCannotBeReadIsBuriedAndTakesNoneOfTheDemand() throws InterruptedException {
    pitstop.queue("q").store(new byte[] {(byte) 0xff}, Instant.EPOCH).join();
    store(1);
    Collecting subscriber = new Collecting();
    queue.deliveries().subscribe(subscriber);
    subscriber.request(1);
    assertThat(next().body()).isEqualTo("m0");
    Await.until(() -> queue.counters().buried() != 0);
  }

  @Test
  void H01_afterCancellingNothingMoreIsTaken() throws InterruptedException {
    Collecting subscriber = new Collecting();
    queue.deliveries().subscribe(subscriber);
    subscriber.request(10);
    store(1);
    next().ack().join();
    subscriber.cancel();
    Await.until(() -> pitstop.listeners().isEmpty());
    store(1);
    assertThat(queue.stats().join().scheduled()).isEqualTo(1);
    assertThat(completed.getCount()).isEqualTo(1);
  }

  @Test
  void H02_closingCompletesTheStream() throws InterruptedException {
    Collecting subscriber = new Collecting();
    queue.deliveries().subscribe(subscriber);
    pitstop.close();
    assertThat(completed.await(60, TimeUnit.SECONDS)).isTrue();
  }
}
