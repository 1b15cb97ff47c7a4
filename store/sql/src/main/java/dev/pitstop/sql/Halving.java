package dev.pitstop.sql;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/**
 * Carries out a batch, and where it fails for the sake of some of its operations, its halves, until
 * these stand alone. Used by one thread, for one batch.
 *
 * <p>When other transactions hold some of its messages, the whole batch waits for them once; in the
 * halves they are hardly waited for, and no longer looked for than {@link #LONGEST_SEARCH}, so that
 * the others are soon done.
 */
final class Halving<T> {
  static final long LONGEST_SEARCH = TimeUnit.SECONDS.toNanos(2);

  private final Dialect dialect;
  private final Step<T> step;
  private final Rest<T> rest;
  private long heldSince;
  private Patience patience = Patience.COMBINED;

  Halving(Dialect dialect, Step<T> step, Rest<T> rest) {
    this.dialect = dialect;
    this.step = step;
    this.rest = rest;
  }

  /** What is done with a batch, in one transaction. */
  interface Step<T> {
    /**
     * Does it.
     *
     * @throws SQLException when the database refuses something of it, and nothing is done
     */
    void carryOut(Batch<T> batch, Patience patience) throws SQLException;
  }

  /** What becomes of operations that were not carried out. */
  interface Rest<T> {
    /**
     * Takes one.
     *
     * @param place where it stands in the call
     * @param held whether another transaction is in its way; otherwise it was refused itself
     */
    void isLeft(T item, int place, boolean held, SQLException why);
  }

  void run(Batch<T> batch) {
    try {
      step.carryOut(batch, patience);
    } catch (SQLException e) {
      boolean held = dialect.trouble(e) == Dialect.Trouble.HELD;
      if (held && patience == Patience.COMBINED) {
        patience = Patience.BRIEF;
        heldSince = System.nanoTime();
      }
      if (batch.size() > 1 && !(held && System.nanoTime() - heldSince > LONGEST_SEARCH)) {
        batch.halves().forEach(this::run);
        return;
      }
      for (int i = 0; i < batch.size(); i++) {
        rest.isLeft(batch.items().get(i), batch.places()[i], held, e);
      }
    }
  }
}
