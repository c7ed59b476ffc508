use serde::Serialize;

use super::super::{Version, moment::Moment, session::ActiveSession};

type Nothing = [&'static str; 0];

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(clippy::struct_excessive_bools, reason = "the wire has them")]
pub(in super::super) struct SessionInfo<'s> {
    play_state: PlayState,
    additional_users: Nothing,
    capabilities: Capabilities,
    #[serde(skip_serializing_if = "Option::is_none")]
    remote_end_point: Option<&'s str>,
    playable_media_types: Nothing,
    id: &'s str,
    user_id: &'s str,
    user_name: &'s str,
    client: &'s str,
    last_activity_date: Moment,
    last_playback_check_in: &'static str,
    device_name: &'s str,
    device_id: &'s str,
    application_version: &'s str,
    is_active: bool,
    supports_media_control: bool,
    supports_remote_control: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    now_playing_queue: Option<Nothing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    now_playing_queue_full_items: Option<Nothing>,
    has_custom_device_name: bool,
    server_id: &'s str,
    supported_commands: Nothing,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PlayState {
    can_seek: bool,
    is_paused: bool,
    is_muted: bool,
    repeat_mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    playback_order: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Capabilities {
    playable_media_types: Nothing,
    supported_commands: Nothing,
    supports_media_control: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    supports_content_uploading: Option<bool>,
    supports_persistent_identifier: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    supports_sync: Option<bool>,
}

impl<'s> SessionInfo<'s> {
    pub(in super::super) fn new(
        version: Version,
        server_id: &'s str,
        session: &'s ActiveSession,
    ) -> Self {
        let until_10_9 = version <= Version::V10_9;
        let full_items = (Version::V10_8..=Version::V10_11).contains(&version);
        Self {
            play_state: PlayState {
                can_seek: false,
                is_paused: false,
                is_muted: false,
                repeat_mode: "RepeatNone",
                playback_order: (version >= Version::V10_9).then_some("Default"),
            },
            additional_users: [],
            capabilities: Capabilities {
                playable_media_types: [],
                supported_commands: [],
                supports_media_control: false,
                supports_content_uploading: until_10_9.then_some(false),
                supports_persistent_identifier: true,
                supports_sync: until_10_9.then_some(false),
            },
            remote_end_point: session.remote_end_point.as_deref(),
            playable_media_types: [],
            id: &session.id,
            user_id: &session.user_id,
            user_name: &session.user_name,
            client: &session.client,
            last_activity_date: session.last_activity,
            last_playback_check_in: "0001-01-01T00:00:00.0000000Z",
            device_name: &session.device,
            device_id: &session.device_id,
            application_version: &session.version,
            is_active: true,
            supports_media_control: false,
            supports_remote_control: false,
            now_playing_queue: (version >= Version::V10_8).then_some([]),
            now_playing_queue_full_items: full_items.then_some([]),
            has_custom_device_name: false,
            server_id,
            supported_commands: [],
        }
    }
}
