package dev.pitstop.rocksdb;

/** A record does not have the form that this store writes. */
final class DamagedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DamagedException(String message) {
    super(message);
  }
}
