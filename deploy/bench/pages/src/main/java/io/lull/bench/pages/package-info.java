/** Benchmarks of the page pipeline on recorded dirty pages of real guests. */
@NullMarked
package io.lull.bench.pages;

import org.jspecify.annotations.NullMarked;
