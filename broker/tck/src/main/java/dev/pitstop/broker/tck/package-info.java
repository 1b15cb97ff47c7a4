/**
 * The rules of section B of the contract as a suite that each adapter passes on its real broker:
 * see {@link dev.pitstop.broker.tck.BrokerContract}.
 */
@NullMarked
package dev.pitstop.broker.tck;

import org.jspecify.annotations.NullMarked;
