/** What a comparison found, as a table, as JSON and as a page with charts. */
@NullMarked
package io.lull.lab.report;

import org.jspecify.annotations.NullMarked;
