/** What the routes under {@code /v1} do. */
@NullMarked
package dev.pitstop.server.api;

import org.jspecify.annotations.NullMarked;
