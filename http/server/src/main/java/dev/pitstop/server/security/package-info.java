/** Who may call the server, and from where. */
@NullMarked
package dev.pitstop.server.security;

import org.jspecify.annotations.NullMarked;
