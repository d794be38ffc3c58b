package io.lull.policy.kemari;

import io.lull.policy.PolicyState;

/** What {@link OnOutputPolicy} remembers: nothing. */
public final class OnOutputState extends PolicyState {}
