package io.lull.policy.remus;

import io.lull.policy.PolicyState;

/** What {@link FixedIntervalPolicy} remembers: nothing. */
public final class FixedIntervalState extends PolicyState {}
