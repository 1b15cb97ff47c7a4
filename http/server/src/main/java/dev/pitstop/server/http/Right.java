package dev.pitstop.server.http;

import java.util.Locale;

/** What a caller may be allowed. */
public enum Right {
  /** What everybody may, without a token and from everywhere: the health of the server. */
  NONE,
  /** What everybody may who is known; which queues it is about is looked at one by one. */
  ANY,
  /** To look at queues and messages, their bodies aside. */
  VIEW,
  /** To store messages. */
  STORE,
  /** To lease and settle messages, and to read their bodies. */
  CONSUME,
  /** Everything: removing, rescheduling, pausing, targets. */
  ADMIN;

  /** Stands for all queues where the name of one is asked for; it is no queue's name. */
  public static final String ALL_QUEUES = "*";

  /** The word for it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
