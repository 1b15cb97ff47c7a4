/**
 * Real servers for tests and benchmarks, each a process of its own with a private directory and
 * port, from the programs that Debian's packages install.
 */
@NullMarked
package dev.pitstop.servers;

import org.jspecify.annotations.NullMarked;
