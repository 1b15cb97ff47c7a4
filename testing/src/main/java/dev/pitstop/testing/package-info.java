/** What tests of applications and of stores are built from. */
@NullMarked
package dev.pitstop.testing;

import org.jspecify.annotations.NullMarked;
