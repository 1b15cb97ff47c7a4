/**
 * The contract of a store as a suite of tests: {@link dev.pitstop.tck.StoreContract} is what a
 * store's test class extends.
 *
 * <p>The numbers are those of {@code docs/contract.md}. These rules, or parts of them, no store can
 * keep or break; they are not in the suite:
 *
 * <table>
 * <caption>Rules that are tested elsewhere</caption>
 * <tr><th>Rule</th><th>Why not here</th><th>Where</th></tr>
 * <tr><td>S02, giving ids</td><td>the engine gives them</td><td>engine, core</td></tr>
 * <tr><td>S06, but for cursors</td><td>the engine refuses before it calls</td><td>engine, core</td></tr>
 * <tr><td>S08, codecs</td><td>the engine decodes; F03 here shows that the rest goes on</td><td>engine, core</td></tr>
 * <tr><td>R01, R02, R03, R09</td><td>a schedule is a text to a store</td><td>schedules, core</td></tr>
 * <tr><td>R05, R06, R07</td><td>the engine plans what comes next; that it is kept is shown here</td><td>engine, core</td></tr>
 * <tr><td>E05, extending by itself</td><td>the engine's keeper does it; extending is shown here</td><td>engine, core</td></tr>
 * <tr><td>E09</td><td>a matter of cost</td><td>engine, core; bench</td></tr>
 * <tr><td>T05, T08</td><td>handlers are the engine's</td><td>engine, core</td></tr>
 * <tr><td>H03, power loss</td><td>no test can switch the power off</td><td>each store's own tests</td></tr>
 * <tr><td>X01, X02</td><td>only stores on SQL have them</td><td>those stores' own tests</td></tr>
 * </table>
 */
@NullMarked
package dev.pitstop.tck;

import org.jspecify.annotations.NullMarked;
