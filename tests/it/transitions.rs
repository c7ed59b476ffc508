//! The transition table, in its order: a file for each part, a test for each row.

// Block 0: a code is alive.
mod live_code;
mod switched_off;

mod renewals;
mod resumed;
mod twenty_minutes;

// Block 1: any state without a live code.
mod any_state;
mod in_front;

// Block 2: the states.
mod password;
mod password_answers;
mod probe;
mod probe_redirects;
mod quick_connect;
mod verify_token;

// Below the tables.
mod patience;
mod retries;
