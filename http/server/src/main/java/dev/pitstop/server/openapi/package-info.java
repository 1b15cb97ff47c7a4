/** The description of the HTTP API. */
@NullMarked
package dev.pitstop.server.openapi;

import org.jspecify.annotations.NullMarked;
