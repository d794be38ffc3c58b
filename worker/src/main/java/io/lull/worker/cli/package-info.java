/** The command {@code lull}: one class a verb. Exit code 0 is success, 1 a failure said in one line, 2 wrong usage. */
@NullMarked
package io.lull.worker.cli;

import org.jspecify.annotations.NullMarked;
