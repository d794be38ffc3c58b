/** What is written for Kubernetes and compose, held against what those who read it accept. */
@NullMarked
package io.lull.manifests;

import org.jspecify.annotations.NullMarked;
