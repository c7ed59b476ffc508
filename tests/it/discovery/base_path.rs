//! The server's base path, which people leave out or type wrongly.

use jellyfin_auth::Failure;
use jellyfin_auth_testkit::{answer, answer::ResponseExt as _};

use super::{asks, looks_for};
use crate::given::*;

#[test]
fn the_base_path_that_a_server_gives_away_is_adopted() {
    let mut script = looks_for("https://nas");
    asks(&mut script, "https://nas")
        .answers(answer::unmarked(302).with_header("location", "../../jf/web/"));
    asks(&mut script, "https://nas/jf").answers(info());
    assert_eq!(script.ends().into_best().address(), "https://nas/jf");

    let mut script = looks_for("https://nas/a/b");
    asks(&mut script, "https://nas/a/b").answers(answer::marked(404));
    asks(&mut script, "https://nas/a").answers(answer::marked(404));
    asks(&mut script, "https://nas").answers(info());
    assert_eq!(script.ends().into_best().address(), "https://nas");
}

#[test]
fn a_parent_that_gets_no_answer_is_a_wrong_guess_and_the_next_one_is_asked() {
    let mut script = looks_for("https://nas/a/b");
    asks(&mut script, "https://nas/a/b").answers(answer::marked(404));
    asks(&mut script, "https://nas/a").fails(Failure::Timeout);
    asks(&mut script, "https://nas").answers(info());
    assert_eq!(script.ends().into_best().address(), "https://nas");
}
