//! `POST /Users/ForgotPassword` and its PIN (protocol facts, sections 4.9 and 4.10).

use super::{
    FakeServer, Version,
    answer::Answer,
    body::{self, Model, required},
    dto::{ForgotPasswordResult, PinRedeemResult},
    moment::Moment,
    pipeline::Call,
    session::guid_of,
};

const PIN_LIFE: i64 = 30 * 60;

const MODEL: Model = Model {
    class: "Jellyfin.Api.Models.UserDtos.ForgotPasswordDto",
    parameter: "forgotPasswordRequest",
    demanded: "EnteredUsername",
};

const PIN_MODEL: Model = Model {
    class: "Jellyfin.Api.Models.UserDtos.ForgotPasswordPinDto",
    parameter: "forgotPasswordPinRequest",
    demanded: "Pin",
};

/// A file with a PIN in the server's data folder.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Reset {
    file: String,
    user_id: String,
    pin: String,
    expires: Moment,
}

impl FakeServer {
    /// The PIN in the newest file for a user: what an administrator reads in the data folder.
    #[must_use]
    pub fn pin(&self, user: &str) -> Option<&str> {
        let id = self.user_id(user)?;
        self.resets.iter().rev().find(|reset| reset.user_id == id).map(|reset| reset.pin.as_str())
    }

    pub(super) fn forgot_password(&mut self, call: &Call<'_>) -> Result<Answer, Answer> {
        let [name] = body::read(self.version, call.request, &MODEL, ["EnteredUsername"])?;
        let name = required("EnteredUsername", name)?;
        let user = self.user_named(&name).filter(|_| !self.settings.caller_is_remote);
        let tells_nothing = self.version >= Version::V10_11;
        if user.is_none() && !tells_nothing {
            return Ok(call.json(&ForgotPasswordResult {
                action: "InNetworkRequired",
                pin_file: Some(String::new()),
                pin_expiration_date: None,
            }));
        }
        let file =
            if tells_nothing { guid_of(&name.to_uppercase()) } else { self.draw.dashed_guid() };
        let file = format!("{}/passwordreset{file}.json", self.settings.data_path);
        let expires = call.now.plus_seconds(PIN_LIFE);
        if let Some(at) = user {
            let pin = self.draw.pin();
            let user = &mut self.users[at];
            if self.version < Version::V10_9 {
                user.settings.easy_password = Some(pin.clone());
            }
            let user_id = user.id.clone();
            self.resets.retain(|reset| reset.file != file);
            self.resets.push(Reset { file: file.clone(), user_id, pin, expires });
        }
        Ok(call.json(&ForgotPasswordResult {
            action: "PinCode",
            pin_file: (self.version > Version::V10_7).then_some(file),
            pin_expiration_date: Some(expires),
        }))
    }

    /// The PIN becomes the password, exactly as it was posted.
    pub(super) fn redeem_pin(&mut self, call: &Call<'_>) -> Result<Answer, Answer> {
        let [pin] = body::read(self.version, call.request, &PIN_MODEL, ["Pin"])?;
        let pin = required("Pin", pin)?;
        let normal = |pin: &str| {
            let pin = pin.replace('-', "");
            if self.version < Version::V10_9 { pin.to_lowercase() } else { pin }
        };
        let (matching, others) = std::mem::take(&mut self.resets)
            .into_iter()
            .filter(|reset| reset.expires >= call.now)
            .partition::<Vec<_>, _>(|reset| normal(&reset.pin) == normal(&pin));
        self.resets = others;
        let mut users_reset = Vec::new();
        for reset in matching {
            if let Some(at) = self.user_with_id(&reset.user_id) {
                let user = &mut self.users[at];
                user.settings.password.clone_from(&pin);
                users_reset.push(user.name.clone());
            }
        }
        if users_reset.is_empty() {
            return Err(Answer::Text(404));
        }
        Ok(call.json(&PinRedeemResult { success: true, users_reset }))
    }
}
