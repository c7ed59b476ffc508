//! The transition table, row by row: each test names its row.

mod live_code;
mod password;
mod patience;
mod probe;
mod quick_connect;
mod who_answered;
