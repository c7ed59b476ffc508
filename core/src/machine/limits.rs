use std::time::Duration;

/// What a driver keeps to when it sends a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Limits {
    /// How long the whole exchange may take, from the name look-up to the body's last byte. When it is
    /// over, report [`Failure::Timeout`](super::Failure::Timeout).
    pub timeout: Duration,
    /// How many bytes the response's body may have. For a longer one report
    /// [`Failure::TooLarge`](super::Failure::TooLarge).
    pub max_body: usize,
    /// Whether the driver may send the request once more on its own when a kept-alive connection turns
    /// out to be dead. A request that isn't replayable goes on a fresh connection.
    pub replayable: bool,
}
