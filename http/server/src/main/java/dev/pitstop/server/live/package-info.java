/** What people see of queues while things move, and what they do to many messages at once. */
@NullMarked
package dev.pitstop.server.live;

import org.jspecify.annotations.NullMarked;
