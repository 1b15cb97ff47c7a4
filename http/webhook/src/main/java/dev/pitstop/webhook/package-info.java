/**
 * Posting messages to HTTP targets: signed, bounded, and never into private networks unless
 * allowed.
 */
@NullMarked
package dev.pitstop.webhook;

import org.jspecify.annotations.NullMarked;
