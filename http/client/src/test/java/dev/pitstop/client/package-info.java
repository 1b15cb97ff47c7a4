@NullMarked
package dev.pitstop.client;

import org.jspecify.annotations.NullMarked;
