/** What is fuzzed: one class each, around the production code that reads the input. */
@NullMarked
package io.lull.bench.fuzz.parser;

import org.jspecify.annotations.NullMarked;
