/**
 * Certificates for Lull's hosts: one authority in a folder that its owner keeps, and what it signs. Only here is Bouncy
 * Castle used, and only to write certificates; workers read them with the JDK alone.
 */
@NullMarked
package io.lull.worker.certs;

import org.jspecify.annotations.NullMarked;
