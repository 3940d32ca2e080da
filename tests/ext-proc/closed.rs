//! What becomes of requests when the external processor cannot judge them: nothing passes.
