/**
 * Real servers for tests and benchmarks, each a process of its own with a private directory and
 * port, from the programs that Debian's packages install; Kafka from its own libraries.
 */
@NullMarked
package dev.pitstop.servers;

import org.jspecify.annotations.NullMarked;
