/** Pitstop as an application: one process with an HTTP API, webhooks and a console. */
@NullMarked
package dev.pitstop.server;

import org.jspecify.annotations.NullMarked;
