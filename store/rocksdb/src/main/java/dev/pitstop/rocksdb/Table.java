package dev.pitstop.rocksdb;

import java.nio.charset.StandardCharsets;
import org.rocksdb.RocksDB;

/**
 * The column families. A table's number is the one that RocksDB gives it and that stands on disk:
 * add at the end only.
 */
enum Table {
  /** The format, the ceiling of numbers, the names of queues and what they hold. */
  META(0, "default"),
  /** Waiting and leased messages by queue, due time and number. */
  DUE(1, "due"),
  /** Where a message is, by queue and id. */
  MESSAGES(2, "messages"),
  /** Large bodies by queue and number. */
  BODIES(3, "bodies"),
  /** Buried messages by queue and number of burial. */
  BURIED(4, "buried"),
  /** What one lease or extension kept, by queue and number. */
  LEASES(5, "leases");

  private final int number;
  private final String text;

  Table(int number, String text) {
    this.number = number;
    this.text = text;
  }

  int number() {
    return number;
  }

  byte[] nameBytes() {
    return this == META ? RocksDB.DEFAULT_COLUMN_FAMILY : text.getBytes(StandardCharsets.UTF_8);
  }
}
