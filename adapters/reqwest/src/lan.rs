use std::{io, time::Instant};

use jellyfin_auth::lan::Announcement;
use jellyfin_auth_transport::LanSearch;
use tokio::{task, time};

/// Looks for servers on the local network: asks by UDP on port 7359 and collects the answers for the
/// given time.
///
/// Each server is listed once, in the order of the answers; garbage is left out, and however much
/// arrives, no more than [64](jellyfin_auth::lan::Announcements) are kept. An announcement proves
/// nothing: let [`Discovery::among`](jellyfin_auth::Discovery::among) ask its
/// [`candidates`](Announcement::candidates) before anyone types a password. Dropping the future closes
/// the sockets.
///
/// ```no_run
/// use jellyfin_auth_reqwest::{LanSearch, find_servers};
///
/// # async fn show() -> std::io::Result<()> {
/// for server in find_servers(&LanSearch::new()).await? {
///     println!("{server}");
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// When no socket can be made or no question can be sent at all: there is no network. When nobody
/// answers, the list is empty.
pub async fn find_servers(search: &LanSearch) -> io::Result<Vec<Announcement>> {
    let mut search = search.start()?;
    let begin = Instant::now();
    while let Some(pause) = search.poll(begin.elapsed())? {
        // In a flood there is none: what else runs on this thread gets its turn all the same.
        task::yield_now().await;
        time::sleep(pause).await;
    }
    Ok(search.into_found())
}
