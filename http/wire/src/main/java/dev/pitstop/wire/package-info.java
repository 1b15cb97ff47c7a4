/** What a client and a server say to each other when a store is used over HTTP. */
@NullMarked
package dev.pitstop.wire;

import org.jspecify.annotations.NullMarked;
