use serde::Serialize;

use super::{
    super::{Version, moment::Moment, user::User},
    policy::Policy,
};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(clippy::struct_excessive_bools, reason = "the wire has them")]
pub(in super::super) struct UserDto<'s> {
    name: &'s str,
    server_id: &'s str,
    id: &'s str,
    has_password: bool,
    has_configured_password: bool,
    has_configured_easy_password: bool,
    enable_auto_login: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_login_date: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_activity_date: Option<Moment>,
    configuration: Configuration,
    policy: Policy<'s>,
}

impl<'s> UserDto<'s> {
    pub(in super::super) fn new(version: Version, server_id: &'s str, user: &'s User) -> Self {
        let has_password = version >= Version::V12 || !user.settings.password.is_empty();
        Self {
            name: &user.name,
            server_id,
            id: &user.id,
            has_password,
            has_configured_password: has_password,
            has_configured_easy_password: version < Version::V10_9
                && user.settings.easy_password.is_some(),
            enable_auto_login: false,
            last_login_date: user.last_login,
            last_activity_date: user.last_activity,
            configuration: Configuration::new(version, user),
            policy: Policy::new(version, user),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(clippy::struct_excessive_bools, reason = "the wire has them")]
struct Configuration {
    play_default_audio_track: bool,
    subtitle_language_preference: &'static str,
    display_missing_episodes: bool,
    grouped_folders: [&'static str; 0],
    subtitle_mode: &'static str,
    display_collections_view: bool,
    enable_local_password: bool,
    ordered_views: [&'static str; 0],
    latest_items_excludes: [&'static str; 0],
    my_media_excludes: [&'static str; 0],
    hide_played_in_latest: bool,
    remember_audio_selections: bool,
    remember_subtitle_selections: bool,
    enable_next_episode_auto_play: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    cast_receiver_id: Option<&'static str>,
}

impl Configuration {
    fn new(version: Version, user: &User) -> Self {
        Self {
            play_default_audio_track: true,
            subtitle_language_preference: "",
            display_missing_episodes: false,
            grouped_folders: [],
            subtitle_mode: "Default",
            display_collections_view: false,
            enable_local_password: user.settings.enable_local_password,
            ordered_views: [],
            latest_items_excludes: [],
            my_media_excludes: [],
            hide_played_in_latest: true,
            remember_audio_selections: true,
            remember_subtitle_selections: true,
            enable_next_episode_auto_play: true,
            cast_receiver_id: (version >= Version::V10_9).then_some("F007D354"),
        }
    }
}
