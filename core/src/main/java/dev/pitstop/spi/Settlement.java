package dev.pitstop.spi;

import java.time.Duration;
import java.util.Objects;

/**
 * What becomes of a leased message. It takes effect only if the message is there, was leased with
 * this token last, and that lease was not settled; a lease that has run out still counts.
 */
public sealed interface Settlement {
  /** The message. */
  Key key();

  /** The token of the lease that is settled. */
  long token();

  /** The message is removed. */
  record Delete(Key key, long token) implements Settlement {
    /** Refuses nulls. */
    public Delete {
      Objects.requireNonNull(key, "key");
    }
  }

  /** The message waits again; a due time in the past means now, where order keeps the due time. */
  record Move(Key key, long token, Progress progress) implements Settlement {
    /** Refuses nulls. */
    public Move {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(progress, "progress");
    }
  }

  /** The message is set aside; the progress's due time says nothing then. */
  record Bury(Key key, long token, Progress progress) implements Settlement {
    /** Refuses nulls. */
    public Bury {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(progress, "progress");
    }
  }

  /** The lease goes on, under the same token, for a time from now. */
  record Extend(Key key, long token, Duration leaseTime) implements Settlement {
    /** Refuses nulls. */
    public Extend {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(leaseTime, "leaseTime");
    }
  }
}
