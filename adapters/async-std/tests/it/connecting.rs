//! What is sent to which server.

use jellyfin_auth_testkit::raw_server::{Conduct, RawServer};

use crate::scene::{ask, options, url, well_behaved};

#[test]
fn extra_headers_are_sent_to_their_server() {
    let (server, other) = (Conduct::new(well_behaved).start(), Conduct::new(well_behaved).start());
    let options = options()
        .header(&url(&server.url()), "CF-Access-Client-Secret", "s3cret")
        .expect("it is allowed");
    let mut driver = jellyfin_auth_async_std::Driver::with_options(options);

    ask(&mut driver, &server).expect("it answers");
    ask(&mut driver, &other).expect("it answers");

    let sent =
        |server: &RawServer| server.journal().requests()[0].header("cf-access-client-secret").len();
    assert_eq!((sent(&server), sent(&other)), (1, 0));
}
