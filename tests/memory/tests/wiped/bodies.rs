//! The bodies that drivers send and read.

use jellyfin_auth_transport::WipedBytes;

use crate::{CANARY, left_behind};

#[test]
fn a_body_leaves_no_copy_where_it_was_and_where_it_grew() {
    let grown = || {
        let mut body = WipedBytes::from(CANARY.to_vec());
        for _ in 0..100 {
            body.extend(CANARY);
        }
        body
    };
    assert_eq!(left_behind(grown), 0);
}
