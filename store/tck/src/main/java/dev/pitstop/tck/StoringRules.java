package dev.pitstop.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.IfPresent;
import dev.pitstop.State;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** S01, S02, S05, S07 and what is kept of a schedule (R05, R08): putting messages in. */
interface StoringRules extends Rules {
  @Test
  default void S01_whatWasPutIsThere() {
    Trial t = trial();
    Sample sample = t.later("a", 5);
    assertThat(t.put(sample)).isEqualTo(PutResult.CREATED);
    assertThat(Seen.of(t.find("a"))).isEqualTo(sample.seen());
    assertThat(t.find("a").lease()).isNull();
  }

  @Test
  default void S01_whatWasNotPutIsNotThere() {
    Trial t = trial();
    t.put(t.later("a", 5));
    assertThat(t.store().find(new Key(Trial.QUEUE, "b"))).isEmpty();
    assertThat(t.store().find(new Key("other", "a"))).isEmpty();
  }

  @Test
  default void S01_repeatingAPutMakesNoSecondMessage() {
    Trial t = trial();
    Sample sample = t.due("a");
    t.put(sample);
    t.put(sample);
    assertThat(t.leaseIds(10)).containsExactly("a");
  }

  @Test
  default void S01_whatWasPutOutlivesTheProcess() {
    Trial t = trial();
    List<Sample> samples = IntStream.range(0, 300).mapToObj(i -> t.later("m" + i, 5)).toList();
    t.putAll(samples.subList(0, 299));
    t.put(samples.get(299));
    t.reopen("S01");
    assertThat(Seen.of(t.listAll(Trial.QUEUE)))
        .containsExactlyInAnyOrderElementsOf(samples.stream().map(Sample::seen).toList());
  }

  @Test
  default void S02_generatedIdsAreNotLookedUpAndStored() {
    Trial t = trial();
    Sample one = t.due("6fa459ea-ee8a-4ca4-894e-db77e160355e");
    Sample other = t.due("16fd2706-8baf-433b-82eb-8c7fada847da");
    t.queues().add(Trial.QUEUE);
    List<Put> puts =
        List.of(
            new Put(one.entry(), IfPresent.REPLACE, true),
            new Put(other.entry(), IfPresent.FAIL, true));
    assertThat(t.store().put(puts)).containsExactly(PutResult.CREATED, PutResult.CREATED);
    assertThat(t.leaseIds(10)).containsExactly(one.key().id(), other.key().id());
  }

  @Test
  default void S02_headersKeepTheirOrder() {
    Trial t = trial();
    Sample sample = t.due("a");
    for (String name : List.of("z", "a", "M", "m", "", "\uD83D\uDE80 rocket", "ключ", "last")) {
      sample.header(name, "value of " + name + " \uD83C\uDF0D\n\u0000");
    }
    t.put(sample.header("empty", ""));
    assertThat(Seen.of(t.find("a"))).isEqualTo(sample.seen());
    assertThat(Seen.of(t.leaseOnly())).isEqualTo(sample.seen().leased());
  }

  @Test
  default void S05_pastDueTimeMeansNow() {
    Trial t = trial();
    t.put(
        new Sample("1970", Instant.EPOCH),
        new Sample("2001", Instant.ofEpochSecond(1_000_000_000)));
    assertThat(t.store().untilNextDue(Trial.QUEUE)).hasValueSatisfying(d -> assertThat(d).isZero());
    assertThat(t.leaseIds(10)).containsExactlyInAnyOrder("1970", "2001");
  }

  @Test
  default void S05_pastDueTimeMeansNowAlsoAfterLaterOnesWereLeased() {
    Trial t = trial();
    t.put(t.due("on time"));
    t.leaseOnly();
    t.put(new Sample("late", t.now().minusSeconds(3600)));
    assertThat(t.leaseIds(10)).containsExactly("late");
  }

  @Test
  default void S05_timesAreKeptToTheMillisecondUpToTheYear9999() {
    Trial t = trial();
    List<Instant> times =
        List.of(
            Instant.parse("9999-12-31T23:59:59.999Z"),
            Instant.parse("9999-12-31T23:59:59.998Z"),
            Instant.parse("2038-01-19T03:14:08.001Z"),
            Instant.parse("2106-02-07T06:28:16.123Z"),
            Instant.parse("2262-04-11T23:47:16.855Z"),
            t.in(5).plusMillis(1),
            t.in(5).plusMillis(999));
    List<Sample> samples = new ArrayList<>();
    for (Instant due : times) {
      Progress progress = new Progress(due, due.minusMillis(1), 0, 0, null);
      samples.add(new Sample(due.toString(), due).progress(progress));
    }
    t.putAll(samples);
    for (Sample sample : samples) {
      assertThat(Seen.of(t.find(sample.key()))).isEqualTo(sample.seen());
    }
    assertThat(t.lease(10)).isEmpty();
  }

  @Test
  default void S07_eachOfABatchHasItsOwnResult() {
    Trial t = trial();
    t.put(t.later("replace", 1), t.later("keep", 2), t.later("fail", 3));
    List<PutResult> results =
        t.putAll(
            List.of(
                t.later("new", 4),
                t.later("keep", 5).ifPresent(IfPresent.KEEP),
                t.later("fail", 5).ifPresent(IfPresent.FAIL),
                t.later("replace", 5),
                t.later("newly kept", 5).ifPresent(IfPresent.KEEP),
                t.later("not failing", 5).ifPresent(IfPresent.FAIL),
                t.later("new", 5).queue("other")));
    assertThat(results)
        .containsExactly(
            PutResult.CREATED,
            PutResult.KEPT,
            PutResult.EXISTS,
            PutResult.REPLACED,
            PutResult.CREATED,
            PutResult.CREATED,
            PutResult.CREATED);
    assertThat(Trial.ids(t.listAll(Trial.QUEUE)))
        .containsExactlyInAnyOrder("replace", "keep", "fail", "new", "newly kept", "not failing");
    assertThat(Trial.ids(t.listAll("other"))).containsExactly("new");
  }

  @Test
  default void S07_oneIdSeveralTimesInABatchCountsInOrder() {
    Trial t = trial();
    Sample last = t.due("a").body("last");
    List<PutResult> results =
        t.putAll(
            List.of(
                t.due("a").body("first"),
                t.due("a").body("kept").ifPresent(IfPresent.KEEP),
                t.due("b").body("b"),
                t.due("a").body("failed").ifPresent(IfPresent.FAIL),
                last,
                t.due("a").body("kept").ifPresent(IfPresent.KEEP)));
    assertThat(results)
        .containsExactly(
            PutResult.CREATED,
            PutResult.KEPT,
            PutResult.CREATED,
            PutResult.EXISTS,
            PutResult.REPLACED,
            PutResult.KEPT);
    assertThat(Seen.of(t.find("a"))).isEqualTo(last.seen());
    assertThat(t.leaseIds(10)).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  default void S07_oneIdTwiceInABatchMakesOneMessage() {
    Trial t = trial();
    t.put(t.due("a"), t.later("a", 5), t.later("a", 1).buried("aside"), t.later("a", 2));
    assertThat(t.lease(10)).isEmpty();
    assertThat(t.store().stats()).singleElement().satisfies(s -> assertThat(s.scheduled()).isOne());
    t.passUntil(t.in(2));
    assertThat(t.leaseIds(10)).containsExactly("a");
  }

  @Test
  default void S07_emptyBatchesDoNothing() {
    Trial t = trial();
    assertThat(t.store().put(List.of())).isEmpty();
    assertThat(t.store().settle(List.of())).isEmpty();
    assertThat(t.store().remove(List.of())).isEmpty();
    assertThat(t.store().stats()).allSatisfy(s -> assertThat(s.scheduled()).isZero());
  }

  @Test
  default void S07_largeBatchesAreWhole() {
    Trial t = trial();
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      samples.add(t.due("m" + i).queue("q" + i % 7));
    }
    assertThat(t.putAll(samples)).containsOnly(PutResult.CREATED);
    for (int queue = 0; queue < 7; queue++) {
      int number = queue;
      assertThat(Trial.ids(t.store().lease("q" + queue, 5_000, Trial.LONG)))
          .isEqualTo(
              IntStream.range(0, 5_000)
                  .filter(i -> i % 7 == number)
                  .mapToObj(i -> "m" + i)
                  .toList());
    }
  }

  @Test
  default void R08_scheduleIsKeptAsATextWithoutMeaning() {
    Trial t = trial();
    List<Sample> samples =
        List.of(
            t.due("none"),
            t.due("every")
                .schedule("every PT1H from 2026-01-01T00:00:00Z until 2027-01-01T00:00:00Z"),
            t.due("cron").schedule("cron 0 9 * * MON-FRI zone Europe/Oslo missed LATEST"),
            t.due("odd").schedule("\uD83D\uDD52 \n\t'\"\\%_ \u0000 end "),
            t.due("long").schedule("cron " + "0,".repeat(2_000) + "0 * * * * zone UTC"),
            t.due("empty").schedule(""));
    t.putAll(samples);
    for (Sample sample : samples) {
      assertThat(Seen.of(t.find(sample.key()))).isEqualTo(sample.seen());
    }
    assertThat(Seen.of(t.lease(10)))
        .containsExactlyElementsOf(samples.stream().map(s -> s.seen().leased()).toList());
  }

  @Test
  default void R05_progressIsKeptAsGiven() {
    Trial t = trial();
    Instant due = t.in(3);
    Sample waiting =
        t.due("waiting")
            .progress(new Progress(due, due.minusMillis(86_400_001), 1_000_000_007L, 24, "e"));
    Sample buried =
        t.due("buried")
            .progress(new Progress(due, due.plusMillis(1), Long.MAX_VALUE, Integer.MAX_VALUE, ""))
            .buried("why \uD83D\uDCA5");
    t.put(waiting, buried);
    assertThat(Seen.of(t.find("waiting"))).isEqualTo(waiting.seen());
    assertThat(t.find("buried"))
        .satisfies(
            entry -> {
              assertThat(entry.state()).isEqualTo(State.BURIED);
              assertThat(entry.progress().scheduledFor()).isEqualTo(due.plusMillis(1));
              assertThat(entry.progress().missed()).isEqualTo(Long.MAX_VALUE);
              assertThat(entry.progress().attempts()).isEqualTo(Integer.MAX_VALUE);
              assertThat(entry.progress().lastError()).isEqualTo("why \uD83D\uDCA5");
            });
    t.passUntil(due);
    assertThat(Seen.of(t.leaseOnly())).isEqualTo(waiting.seen().leased());
  }
}
