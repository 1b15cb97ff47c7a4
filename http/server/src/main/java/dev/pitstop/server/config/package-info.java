/** How a server is set: by options, by environment variables and by a file. */
@NullMarked
package dev.pitstop.server.config;

import org.jspecify.annotations.NullMarked;
