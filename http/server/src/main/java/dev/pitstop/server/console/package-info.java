/** The pages of the server for people: files from the class path that work on its HTTP API. */
@NullMarked
package dev.pitstop.server.console;

import org.jspecify.annotations.NullMarked;
