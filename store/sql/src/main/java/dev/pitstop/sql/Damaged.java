package dev.pitstop.sql;

import dev.pitstop.StoreUnavailableException;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Settlement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps leased messages aside that could not be read whole: they are buried with the reason, so
 * that they are seen, keep none of the others and can be requeued once they are put right.
 */
final class Damaged {
  private static final Logger LOG = LoggerFactory.getLogger(Damaged.class);

  private Damaged() {}

  /**
   * What was leased and can be emitted.
   *
   * @param settle carries out the burials of the rest
   */
  static List<Entry> buried(List<Row> leased, Consumer<List<Settlement>> settle) {
    List<Entry> sound = new ArrayList<>(leased.size());
    List<Settlement> burials = new ArrayList<>();
    for (Row row : leased) {
      String damage = row.damage();
      if (damage == null) {
        sound.add(row.entry());
      } else {
        LOG.warn("message {} is buried: {}", row.entry().key(), damage);
        burials.add(burial(row, damage));
      }
    }
    if (!burials.isEmpty()) {
      bury(burials, settle);
    }
    return sound;
  }

  /** Its lease counts as no attempt. */
  private static Settlement burial(Row row, String damage) {
    Progress leased = row.entry().progress();
    Progress buried =
        new Progress(
            leased.due(), leased.scheduledFor(), leased.missed(), leased.attempts() - 1, damage);
    return new Settlement.Bury(row.entry().key(), row.token(), buried);
  }

  private static void bury(List<Settlement> burials, Consumer<List<Settlement>> settle) {
    try {
      settle.accept(burials);
    } catch (StoreUnavailableException e) {
      LOG.debug("{} messages were not buried and come again", burials.size(), e);
    }
  }
}
