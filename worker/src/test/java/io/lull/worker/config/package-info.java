@NullMarked
package io.lull.worker.config;

import org.jspecify.annotations.NullMarked;
