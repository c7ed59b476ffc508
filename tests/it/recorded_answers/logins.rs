//! Sign-ins that succeeded, replayed as whole logins.
