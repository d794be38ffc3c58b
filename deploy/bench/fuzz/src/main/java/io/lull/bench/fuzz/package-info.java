/**
 * The fuzzer: mutated input for every parser of Lull that reads what others wrote, and hostile peers for its sockets.
 *
 * <pre>
 *   corpus ─▶ Mutator ─▶ Trial ─▶ Target ─▶ production parser
 *  (valid)                 │ exception, time, allocation
 *                          ▼
 *                      Violation ─▶ Findings (a file, and the command that repeats it)
 * </pre>
 */
@NullMarked
package io.lull.bench.fuzz;

import org.jspecify.annotations.NullMarked;
