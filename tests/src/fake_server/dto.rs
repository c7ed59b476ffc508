//! The objects that answers carry, property by property in the server's order (protocol facts, sections
//! 4.1, 4.5 and 5.1). What is `None` is left out.

mod policy;
mod session;
mod user;

use serde::Serialize;

use super::moment::Moment;

pub(super) use session::SessionInfo;
pub(super) use user::UserDto;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PublicSystemInfo<'s> {
    pub(super) local_address: String,
    pub(super) server_name: &'s str,
    pub(super) version: &'s str,
    pub(super) product_name: &'s str,
    pub(super) operating_system: &'s str,
    pub(super) id: &'s str,
    pub(super) startup_wizard_completed: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AuthenticationResult<'s> {
    pub(super) user: UserDto<'s>,
    pub(super) session_info: SessionInfo<'s>,
    pub(super) access_token: &'s str,
    pub(super) server_id: &'s str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct QuickConnectResult<'s> {
    pub(super) authenticated: bool,
    pub(super) secret: &'s str,
    pub(super) code: &'s str,
    /// 10.7 only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) authentication: Option<&'s str>,
    /// This and what follows: 10.8 and newer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) device_id: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) device_name: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) app_name: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) app_version: Option<&'s str>,
    pub(super) date_added: Moment,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ForgotPasswordResult {
    pub(super) action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pin_file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pin_expiration_date: Option<Moment>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PinRedeemResult {
    pub(super) success: bool,
    pub(super) users_reset: Vec<String>,
}
