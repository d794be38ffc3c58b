@NullMarked
package io.lull.lab.report;

import org.jspecify.annotations.NullMarked;
