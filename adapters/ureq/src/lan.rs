use std::{io, thread, time::Instant};

use jellyfin_auth::lan::Announcement;
use jellyfin_auth_transport::LanSearch;

/// Looks for servers on the local network: asks by UDP on port 7359 and collects the answers for the
/// given time.
///
/// Each server is listed once, in the order of the answers; garbage is left out, and however much
/// arrives, no more than [64](jellyfin_auth::lan::Announcements) are kept. An announcement proves
/// nothing: let [`Discovery::among`](jellyfin_auth::Discovery::among) ask its
/// [`candidates`](Announcement::candidates) before anyone types a password.
///
/// ```no_run
/// use jellyfin_auth_ureq::{LanSearch, find_servers};
///
/// for server in find_servers(&LanSearch::new())? {
///     println!("{server}");
/// }
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// When no socket can be made or no question can be sent at all: there is no network. When nobody
/// answers, the list is empty.
pub fn find_servers(search: &LanSearch) -> io::Result<Vec<Announcement>> {
    let mut search = search.start()?;
    let begin = Instant::now();
    while let Some(pause) = search.poll(begin.elapsed())? {
        thread::sleep(pause);
    }
    Ok(search.into_found())
}
