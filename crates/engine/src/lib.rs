//! One HTTP exchange as a state machine: Event to Effect.
