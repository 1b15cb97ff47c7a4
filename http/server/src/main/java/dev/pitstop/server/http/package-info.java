/** Requests and answers of the server, and what leads the one to the other. */
@NullMarked
package dev.pitstop.server.http;

import org.jspecify.annotations.NullMarked;
