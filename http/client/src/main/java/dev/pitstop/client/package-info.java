/** The store of a Pitstop server, used over HTTP. */
@NullMarked
package dev.pitstop.client;

import org.jspecify.annotations.NullMarked;
