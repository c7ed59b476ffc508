use serde::Serialize;

use super::super::{Version, user::User};

type Nothing = [&'static str; 0];

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(clippy::struct_excessive_bools, reason = "the wire has them")]
pub(super) struct Policy<'s> {
    is_administrator: bool,
    is_hidden: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    enable_collection_management: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enable_subtitle_management: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enable_lyric_management: Option<bool>,
    is_disabled: bool,
    blocked_tags: Nothing,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_tags: Option<Nothing>,
    enable_user_preference_access: bool,
    access_schedules: Vec<AccessSchedule<'s>>,
    block_unrated_items: Nothing,
    enable_remote_control_of_other_users: bool,
    enable_shared_device_control: bool,
    enable_remote_access: bool,
    enable_live_tv_management: bool,
    enable_live_tv_access: bool,
    enable_media_playback: bool,
    enable_audio_playback_transcoding: bool,
    enable_video_playback_transcoding: bool,
    enable_playback_remuxing: bool,
    force_remote_source_transcoding: bool,
    enable_content_deletion: bool,
    enable_content_deletion_from_folders: Nothing,
    enable_content_downloading: bool,
    enable_sync_transcoding: bool,
    enable_media_conversion: bool,
    enabled_devices: &'s [String],
    enable_all_devices: bool,
    enabled_channels: Nothing,
    enable_all_channels: bool,
    enabled_folders: Nothing,
    enable_all_folders: bool,
    invalid_login_attempt_count: u32,
    login_attempts_before_lockout: i64,
    max_active_sessions: u32,
    enable_public_sharing: bool,
    blocked_media_folders: Nothing,
    blocked_channels: Nothing,
    remote_client_bitrate_limit: u32,
    authentication_provider_id: &'static str,
    password_reset_provider_id: &'static str,
    sync_play_access: &'static str,
}

/// A schedule that is never open: all that is asked of one here.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AccessSchedule<'s> {
    id: u32,
    user_id: &'s str,
    day_of_week: &'static str,
    start_hour: u32,
    end_hour: u32,
}

impl<'s> Policy<'s> {
    pub(super) fn new(version: Version, user: &'s User) -> Self {
        let settings = &user.settings;
        let since_10_9 = version >= Version::V10_9;
        let is_administrator = settings.is_administrator;
        let closed = settings.schedule_closed.then_some(AccessSchedule {
            id: 1,
            user_id: &user.id,
            day_of_week: "Sunday",
            start_hour: 0,
            end_hour: 0,
        });
        Self {
            is_administrator,
            is_hidden: settings.is_hidden,
            enable_collection_management: since_10_9.then_some(false),
            enable_subtitle_management: since_10_9.then_some(false),
            enable_lyric_management: since_10_9.then_some(false),
            is_disabled: settings.is_disabled,
            blocked_tags: [],
            allowed_tags: since_10_9.then_some([]),
            enable_user_preference_access: true,
            access_schedules: closed.into_iter().collect(),
            block_unrated_items: [],
            enable_remote_control_of_other_users: is_administrator,
            enable_shared_device_control: true,
            enable_remote_access: settings.remote_access,
            enable_live_tv_management: is_administrator || version < Version::V10_11,
            enable_live_tv_access: true,
            enable_media_playback: true,
            enable_audio_playback_transcoding: true,
            enable_video_playback_transcoding: true,
            enable_playback_remuxing: true,
            force_remote_source_transcoding: false,
            enable_content_deletion: is_administrator,
            enable_content_deletion_from_folders: [],
            enable_content_downloading: true,
            enable_sync_transcoding: true,
            enable_media_conversion: true,
            enabled_devices: settings.allowed_devices.as_deref().unwrap_or_default(),
            enable_all_devices: settings.allowed_devices.is_none(),
            enabled_channels: [],
            enable_all_channels: true,
            enabled_folders: [],
            enable_all_folders: true,
            invalid_login_attempt_count: settings.failures,
            login_attempts_before_lockout: settings.lockout_limit.map_or(-1, i64::from),
            max_active_sessions: settings.max_active_sessions,
            enable_public_sharing: true,
            blocked_media_folders: [],
            blocked_channels: [],
            remote_client_bitrate_limit: 0,
            authentication_provider_id: "Jellyfin.Server.Implementations.Users.DefaultAuthenticationProvider",
            password_reset_provider_id: "Jellyfin.Server.Implementations.Users.DefaultPasswordResetProvider",
            sync_play_access: "CreateAndJoinGroups",
        }
    }
}
