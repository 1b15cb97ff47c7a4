/** What a server tells about itself to those who watch it: figures and health. */
@NullMarked
package dev.pitstop.server.metrics;

import org.jspecify.annotations.NullMarked;
