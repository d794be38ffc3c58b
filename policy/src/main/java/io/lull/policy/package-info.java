/**
 * The contract between a checkpoint policy and whoever runs it: what a policy sees, what it answers, and the values
 * that all parts of Lull share. Nothing here reads a clock, draws a random number or performs I/O.
 */
@NullMarked
package io.lull.policy;

import org.jspecify.annotations.NullMarked;
