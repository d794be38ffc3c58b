/** What a guest's frames tell about its TCP connections. */
@NullMarked
package io.lull.producer.net;

import org.jspecify.annotations.NullMarked;
