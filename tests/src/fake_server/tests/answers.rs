//! Headers and words that changed with a version.

use super::{Client, Version};

#[test]
fn the_web_clients_page_may_not_be_cached_since_10_11() {
    for version in Version::ALL {
        let answer = Client::of(version).get("/web/index.html");
        let expected = (version >= Version::V10_11).then_some("no-cache");
        assert_eq!((answer.status, answer.header("cache-control")), (200, expected), "{version}");
    }
}

#[test]
fn a_missing_member_is_named_in_the_words_of_the_servers_dotnet() {
    for (version, words) in [
        (Version::V10_9, ", including the following: Pin"),
        (Version::V10_10, ", including the following: Pin"),
        (Version::V10_11, " including: 'Pin'."),
        (Version::V12, " including: 'Pin'."),
    ] {
        let answer = Client::of(version).send("POST", "/Users/ForgotPassword/Pin", "{}");
        let class = "Jellyfin.Api.Models.UserDtos.ForgotPasswordPinDto";
        let wanted = format!(
            "JSON deserialization for type '{class}' was missing required properties{words}"
        );
        assert_eq!((answer.status, answer.text("/errors/$/0")), (400, &*wanted), "{version}");
    }
}
