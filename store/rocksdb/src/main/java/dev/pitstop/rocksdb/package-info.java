/** The embedded store: messages in a directory of this machine, kept by RocksDB. */
@NullMarked
package dev.pitstop.rocksdb;

import org.jspecify.annotations.NullMarked;
