package dev.pitstop.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.IfPresent;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.PutResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** S08 and S09: bodies, headers and ids of any bytes. */
interface BytesRules extends Rules {
  /** Bodies by name, up to the largest that is allowed unless set otherwise. */
  private static Map<String, byte[]> bodies() {
    Map<String, byte[]> bodies = new LinkedHashMap<>();
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    bodies.put("empty", new byte[0]);
    bodies.put("one NUL", new byte[1]);
    bodies.put("NULs", new byte[100]);
    bodies.put("all bytes", all);
    bodies.put(
        "invalid UTF-8", new byte[] {(byte) 0xC3, 0x28, (byte) 0xFF, (byte) 0xED, (byte) 0xA0});
    bodies.put(
        "emoji", "\uD83D\uDE00\uD83D\uDC69\u200D\uD83D\uDE80".getBytes(StandardCharsets.UTF_8));
    bodies.put("quotes", "'; DROP TABLE \"x\"; -- \\ \r\n\t%s {}".getBytes(StandardCharsets.UTF_8));
    for (int size : new int[] {127, 128, 255, 2047, 2048, 2049, 16_384, 65_535, 65_536, 1 << 20}) {
      byte[] random = new byte[size];
      new Random(size).nextBytes(random);
      bodies.put(size + " bytes", random);
    }
    return bodies;
  }

  @Test
  default void S08_bodiesComeBackByteForByte() {
    Trial t = trial();
    List<Seen> expected = new ArrayList<>();
    bodies()
        .forEach(
            (name, body) -> {
              Sample sample = t.due(name).body(body);
              t.put(sample);
              assertThat(Seen.of(t.find(name))).isEqualTo(sample.seen());
              expected.add(sample.seen());
            });
    assertThat(Seen.of(t.listAll(Trial.QUEUE))).containsExactlyElementsOf(expected);
    assertThat(Seen.of(t.lease(100)))
        .containsExactlyElementsOf(expected.stream().map(Seen::leased).toList());
  }

  @Test
  default void S08_bodiesOutliveAllThatBecomesOfAMessage() {
    Trial t = trial();
    bodies()
        .forEach(
            (name, body) -> {
              Sample sample = t.due(name).body(body).header("name", name).schedule("every PT1H");
              t.put(sample);
              Progress progress = new Progress(t.now(), t.now(), 0, 3, "failed");
              assertThat(t.settle(Trial.move(t.leaseOnly(), progress))).isTrue();
              Entry again = t.leaseOnly();
              assertThat(t.settle(Trial.extend(again, Trial.LONG))).isTrue();
              assertThat(t.settle(Trial.bury(again, "aside"))).isTrue();
              assertThat(t.store().requeue(sample.key())).isTrue();
              Entry last = t.leaseOnly();
              assertThat(Seen.of(last)).isEqualTo(sample.seen().leased().with(last.progress()));
              assertThat(t.settle(Trial.delete(last))).isTrue();
              assertThat(t.holds(name)).isFalse();
            });
  }

  @Test
  default void S08_bodiesAreReplacedByLargerAndSmallerOnes() {
    Trial t = trial();
    Map<String, byte[]> bodies = bodies();
    List<byte[]> order = new ArrayList<>(bodies.values());
    List<byte[]> back = new ArrayList<>(order);
    Collections.reverse(back);
    order.addAll(back);
    for (byte[] body : order) {
      Sample sample = t.due("a").body(body);
      t.put(sample);
      assertThat(Seen.of(t.find("a"))).isEqualTo(sample.seen());
    }
  }

  @Test
  default void S08_headersOfFullSizeComeBack() {
    Trial t = trial();
    Sample sample = t.due("a");
    for (int i = 0; i < 150; i++) {
      sample.header("header-" + i, "\uD83C\uDF4E" + "x".repeat(90));
    }
    t.put(sample, t.due("b").header("one", "y".repeat(16_000)).contentType(""));
    assertThat(Seen.of(t.find("a"))).isEqualTo(sample.seen());
    assertThat(t.find("b").payload().headers().get("one")).hasSize(16_000);
    assertThat(t.find("b").payload().contentType()).isEmpty();
  }

  @Test
  default void S08_errorsOfFullSizeComeBack() {
    Trial t = trial();
    String error = "\uD83D\uDD25".repeat(1024);
    t.put(t.due("a"));
    Progress progress = new Progress(t.now(), t.now(), 0, 1, error);
    assertThat(t.settle(Trial.move(t.leaseOnly(), progress))).isTrue();
    assertThat(t.find("a").progress()).isEqualTo(progress);
    assertThat(t.settle(Trial.bury(t.leaseOnly(), error))).isTrue();
    assertThat(t.find("a").progress().lastError()).isEqualTo(error);
  }

  /** Ids that are told apart by their bytes, and that a collation may take for the same. */
  private static List<String> ids() {
    return List.of(
        "a",
        "A",
        "a ",
        " a",
        "a  ",
        "aa",
        "\u00E4", // one code point
        "a\u0308", // the same letter as two
        "\u00C4",
        "a\u200B", // zero width space
        "a\u00A0", // space that does not break
        "\uFF41", // full width
        "ss",
        "\u00DF",
        "i",
        "I",
        "\u0130",
        "\u0131",
        "\u212A", // Kelvin
        "K",
        "0",
        "00",
        "+0",
        "0.0",
        "null",
        "'",
        "%",
        "_",
        "\\",
        "*",
        "a:b",
        "a/b",
        "{a}",
        "\uD83D\uDE00",
        "\uD83D\uDE01",
        "\uD83D\uDC69\u200D\uD83D\uDE80",
        "\uFFFD",
        "6fa459ea-ee8a-4ca4-894e-db77e160355e",
        "6FA459EA-EE8A-4CA4-894E-DB77E160355E",
        "6fa459eaee8a4ca4894edb77e160355e",
        "6fa459ea-ee8a-4ca4-894e-db77e160355e ",
        "6fa459ea-ee8a-1ca4-894e-db77e160355e",
        "6fa459ea-ee8a-4ca4-094e-db77e160355e",
        "x".repeat(511),
        "x".repeat(512),
        "x".repeat(511) + "y",
        "\uD83D\uDE00".repeat(128),
        "\uD83D\uDE00".repeat(127) + "\uD83D\uDE01");
  }

  @Test
  default void S09_idsAreTheSameExactlyWhenTheirBytesAre() {
    Trial t = trial();
    List<String> ids = ids();
    for (String id : ids) {
      assertThat(t.put(t.due(id).ifPresent(IfPresent.FAIL))).as(id).isEqualTo(PutResult.CREATED);
    }
    for (String id : ids) {
      assertThat(t.put(t.due(id).ifPresent(IfPresent.KEEP))).as(id).isEqualTo(PutResult.KEPT);
      assertThat(t.find(id).key().id()).isEqualTo(id);
    }
    assertThat(Trial.ids(t.listAll(Trial.QUEUE))).containsExactlyElementsOf(ids);
    List<Entry> leased = t.lease(100);
    assertThat(Trial.ids(leased)).containsExactlyElementsOf(ids);
    for (Entry entry : leased) {
      assertThat(new String(entry.payload().body(), StandardCharsets.UTF_8))
          .isEqualTo(entry.key().id());
    }
  }

  @Test
  default void S09_whatIsDoneToAnIdLeavesThoseLikeItAlone() {
    Trial t = trial();
    List<String> ids = ids();
    t.putAll(ids.stream().map(t::due).toList());
    for (int i = 0; i < ids.size(); i++) {
      String id = ids.get(i);
      if (i % 3 == 0) {
        assertThat(t.store().remove(List.of(t.due(id).key()))).containsExactly(true);
      } else {
        Entry leased = t.lease(1).get(0);
        assertThat(leased.key().id()).isEqualTo(id);
        assertThat(t.settle(i % 3 == 1 ? Trial.delete(leased) : Trial.bury(leased, id))).isTrue();
      }
      assertThat(t.holds(id)).as(id).isEqualTo(i % 3 == 2);
      List<String> after = ids.subList(i + 1, ids.size());
      assertThat(after).allSatisfy(other -> assertThat(t.holds(other)).as(other).isTrue());
    }
  }

  @Test
  default void S09_queuesAreToldApartByTheirBytes() {
    Trial t = trial();
    List<String> queues =
        List.of("q", "Q", "q.", "q-", "q_", "q0", "qq", "Z".repeat(128), "Z".repeat(127), "0", "-");
    for (String queue : queues) {
      assertThat(t.put(t.due("a").queue(queue).body(queue).ifPresent(IfPresent.FAIL)))
          .isEqualTo(PutResult.CREATED);
    }
    for (String queue : queues) {
      List<Entry> leased = t.store().lease(queue, 10, Trial.LONG);
      assertThat(leased).hasSize(1);
      assertThat(new String(leased.get(0).payload().body(), StandardCharsets.UTF_8))
          .isEqualTo(queue);
    }
  }
}
