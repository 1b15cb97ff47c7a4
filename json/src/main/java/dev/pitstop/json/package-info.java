/** Bodies as JSON. */
@NullMarked
package dev.pitstop.json;

import org.jspecify.annotations.NullMarked;
