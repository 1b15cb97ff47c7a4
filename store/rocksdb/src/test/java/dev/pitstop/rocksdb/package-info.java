@NullMarked
package dev.pitstop.rocksdb;

import org.jspecify.annotations.NullMarked;
