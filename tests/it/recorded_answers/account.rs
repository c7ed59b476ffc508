//! What a session asked for, replayed.
