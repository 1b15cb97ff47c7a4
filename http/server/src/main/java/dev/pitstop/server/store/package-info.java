/** The store itself over HTTP, for the Pitstops of other processes. */
@NullMarked
package dev.pitstop.server.store;

import org.jspecify.annotations.NullMarked;
