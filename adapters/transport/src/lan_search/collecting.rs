use std::{
    io,
    net::{SocketAddr, UdpSocket},
    time::Duration,
};

use jellyfin_auth::lan::{Announcement, Announcements, LONGEST_DATAGRAM, QUESTION};

/// Between two looks at the sockets: short enough that their buffers hold what arrives meanwhile.
const PAUSE: Duration = Duration::from_millis(20);

/// The same in a flood: whatever else the thread has to do goes on.
const SHORT_PAUSE: Duration = Duration::from_millis(1);

/// How many datagrams of a socket are read at a time, so that a flood can't hold a search.
const AT_A_TIME: usize = 256;

/// For drivers: a search of the local network under way. It never waits.
///
/// ```no_run
/// use std::{thread, time::Instant};
/// use jellyfin_auth_transport::LanSearch;
///
/// let mut search = LanSearch::new().start()?;
/// let begin = Instant::now();
/// while let Some(pause) = search.poll(begin.elapsed())? {
///     thread::sleep(pause);
/// }
/// for server in search.into_found() {
///     println!("{server}");
/// }
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct CollectingLanSearch {
    sockets: Vec<(UdpSocket, Vec<SocketAddr>)>,
    found: Announcements,
    buffer: Vec<u8>,
    /// From one question to the next, and from the last to the end.
    round: Duration,
    questions: usize,
    /// When the next question, or the end, is due.
    due: Duration,
}

impl CollectingLanSearch {
    pub(super) fn new(
        sockets: Vec<(UdpSocket, Vec<SocketAddr>)>,
        found: Announcements,
        time: Duration,
    ) -> Self {
        let buffer = vec![0; LONGEST_DATAGRAM];
        Self { sockets, found, buffer, round: time / 2, questions: 0, due: Duration::ZERO }
    }

    /// Reads what has arrived, and asks when that is due. `elapsed` is the time since the first call.
    ///
    /// Returns how long to wait before the next call, or `None` when the time is over.
    ///
    /// # Errors
    ///
    /// When nobody can be asked: there is no network.
    pub fn poll(&mut self, elapsed: Duration) -> io::Result<Option<Duration>> {
        let is_flooded = self.receive();
        if elapsed >= self.due {
            match self.questions {
                0 => self.ask()?,
                // The first question went out: an answer may still arrive.
                1 => drop(self.ask()),
                _ => return Ok(None),
            }
            self.questions += 1;
            self.due = elapsed.saturating_add(self.round);
        }
        let pause = if is_flooded { SHORT_PAUSE } else { PAUSE };
        Ok(Some(pause.min(self.due.saturating_sub(elapsed))))
    }

    /// What was found: each server once, in the order of the answers.
    #[must_use]
    pub fn into_found(self) -> Vec<Announcement> {
        self.found.into_vec()
    }

    /// Whether there may be more.
    fn receive(&mut self) -> bool {
        let mut is_flooded = false;
        for (socket, _) in &self.sockets {
            let mut received = 0;
            for _ in 0..AT_A_TIME {
                match socket.recv_from(&mut self.buffer) {
                    Ok((length, sender)) => {
                        received += 1;
                        self.found.handle(&self.buffer[..length], sender);
                    }
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                    // Some systems report here that nobody listened to the question, or that a datagram is
                    // too long: only the time ends a search.
                    Err(_) => {}
                }
            }
            is_flooded |= received == AT_A_TIME;
        }
        is_flooded
    }

    /// Fails when nobody could be asked.
    fn ask(&self) -> io::Result<()> {
        let mut outcome = Err(io::ErrorKind::NotFound.into());
        for (socket, to) in &self.sockets {
            for address in to {
                match socket.send_to(QUESTION, address) {
                    Ok(_) => outcome = Ok(()),
                    Err(error) if outcome.is_err() => outcome = Err(error),
                    Err(_) => {}
                }
            }
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::{super::LanSearch, *};

    const ANSWER: &[u8] = br#"{"Address":"http://192.0.2.7:8096","Id":"aa","Name":"nas"}"#;

    /// A server, and a search that asks it.
    fn scene(time: Duration) -> (UdpSocket, CollectingLanSearch) {
        let server = UdpSocket::bind("127.0.0.1:0").expect("a port of the system's choosing");
        server.set_nonblocking(true).expect("a socket");
        let search = LanSearch::new().time(time).ask(server.local_addr().expect("a bound socket"));
        let search = search.start().expect("a socket");
        (server, search)
    }

    /// Who asked, if anybody did.
    fn question(server: &UdpSocket) -> Option<SocketAddr> {
        let mut buffer = [0; 100];
        match server.recv_from(&mut buffer) {
            Ok((length, asker)) => {
                assert_eq!(&buffer[..length], QUESTION);
                Some(asker)
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::WouldBlock);
                None
            }
        }
    }

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn it_asks_at_the_beginning_and_in_the_middle_and_ends_in_time() {
        let (server, mut search) = scene(seconds(4));
        for (at, asks, pause) in [
            (seconds(0), true, PAUSE),
            (seconds(1), false, PAUSE),
            (Duration::from_millis(1999), false, Duration::from_millis(1)),
            (seconds(2), true, PAUSE),
            (seconds(3), false, PAUSE),
            (Duration::from_millis(3999), false, Duration::from_millis(1)),
        ] {
            assert_eq!(search.poll(at).expect("a network"), Some(pause), "{at:?}");
            assert_eq!(question(&server).is_some(), asks, "{at:?}");
        }
        assert_eq!(search.poll(seconds(4)).expect("a network"), None);
        assert_eq!(question(&server), None);
    }

    #[test]
    fn a_late_second_question_has_its_time_for_answers() {
        let (server, mut search) = scene(seconds(4));
        search.poll(seconds(0)).expect("a network");
        question(&server).expect("the first question, which is lost");
        assert_eq!(search.poll(seconds(60)).expect("a network"), Some(PAUSE));
        server.send_to(ANSWER, question(&server).expect("the second one")).expect("loopback");
        assert_eq!(search.poll(seconds(62)).expect("a network"), None);
        assert_eq!(search.into_found().len(), 1);
    }

    #[test]
    fn a_time_without_end_is_an_hour() {
        let (server, mut search) = scene(Duration::MAX);
        search.poll(seconds(0)).expect("a network");
        assert!(question(&server).is_some());
        assert_eq!(search.poll(seconds(1799)).expect("a network"), Some(PAUSE));
        assert!(question(&server).is_none());
        assert_eq!(search.poll(seconds(1800)).expect("a network"), Some(PAUSE));
        assert!(question(&server).is_some());
        assert_eq!(search.poll(Duration::MAX).expect("a network"), None);
    }

    #[test]
    fn no_time_at_all_asks_and_ends() {
        let (server, mut search) = scene(Duration::ZERO);
        let polls = std::iter::repeat_with(|| search.poll(Duration::ZERO).expect("a network"));
        assert_eq!(polls.take(3).collect::<Vec<_>>(), [Some(seconds(0)), Some(seconds(0)), None]);
        assert!(question(&server).is_some() && question(&server).is_some());
    }

    #[test]
    fn only_so_much_is_read_at_a_time() {
        let (server, mut search) = scene(seconds(4));
        search.poll(seconds(0)).expect("a network");
        let asker = question(&server).expect("a question");
        for _ in 0..10 * AT_A_TIME {
            server.send_to(b"garbage", asker).expect("loopback takes it, or drops it");
        }
        // A socket's buffer may hold fewer.
        let first = search.poll(seconds(1)).expect("a network");
        assert!(first == Some(SHORT_PAUSE) || first == Some(PAUSE));
        let polls = std::iter::repeat_with(|| search.poll(seconds(1)).expect("a network"));
        assert!(polls.take(10).any(|pause| pause == Some(PAUSE)), "it has an end");
        assert!(search.into_found().is_empty());
    }

    #[test]
    fn a_host_that_was_not_asked_is_not_believed() {
        let (server, mut search) = scene(seconds(4));
        search.poll(seconds(0)).expect("a network");
        let asker = question(&server).expect("a question");
        let other = UdpSocket::bind("127.0.0.2:0");
        // Only Linux has the whole network on its loopback interface.
        let Ok(other) = other else { return };
        other.send_to(ANSWER, asker).expect("loopback takes it");
        search.poll(seconds(1)).expect("a network");
        assert!(search.into_found().is_empty());
    }
}
