//! What a signed-in user asks of its account, and who is shown to everybody (protocol facts, sections
//! 4.3, 4.7 and 4.8).

use super::{
    FakeServer, Version,
    answer::Answer,
    body::{self, Model},
    dto::{SessionInfo, UserDto},
    identity::Caller,
    pipeline::Call,
};

const PASSWORD_MODEL: Model = Model {
    class: "Jellyfin.Api.Models.UserDtos.UpdateUserPassword",
    parameter: "request",
    demanded: "",
};

/// A GUID in any of the forms that .NET reads, as the server writes it.
pub(super) fn guid(text: &str) -> Option<String> {
    let text = text.trim();
    let inner = text
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .or_else(|| text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')))
        .unwrap_or(text);
    let digits: String = inner.chars().filter(|&character| character != '-').collect();
    let dashes: Vec<usize> = inner.match_indices('-').map(|(at, _)| at).collect();
    let is_formed = dashes == [8, 13, 18, 23] || dashes.is_empty() && inner.len() == text.len();
    (is_formed && digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
        .then(|| digits.to_ascii_lowercase())
}

/// What model binding says of a text that is no GUID.
pub(super) fn not_valid(key: &str, value: &str) -> Answer {
    Answer::validation([(key.to_owned(), format!("The value '{value}' is not valid."))])
}

/// Routing knows a path in lower case only; an error shows it as it was written.
fn as_written<'c>(call: &'c Call<'_>, text: &'c str) -> &'c str {
    let path = call.request.uri().path();
    path.split('/').find(|segment| segment.eq_ignore_ascii_case(text)).unwrap_or(text)
}

impl FakeServer {
    pub(super) fn public_users(&self, call: &Call<'_>) -> Answer {
        let device_id = match (self.version < Version::V10_9, call.presented.caller) {
            (false, Caller::Nobody) => None,
            _ => call.identity().device_id.as_deref().filter(|id| !id.is_empty()),
        };
        let is_filtered = self.settings.wizard_completed;
        let mut users: Vec<_> = self
            .users
            .iter()
            .filter(|user| !user.settings.is_hidden && !user.settings.is_disabled)
            .filter(|user| {
                let may_come = user.settings.remote_access || !self.settings.caller_is_remote;
                !is_filtered || may_come && device_id.is_none_or(|id| user.settings.may_use(id))
            })
            .map(|user| (&user.name, UserDto::new(self.version, &self.server_id, user)))
            .collect();
        users.sort_by_key(|(name, _)| name.to_lowercase());
        let users: Vec<_> = users.into_iter().map(|(_, user)| user).collect();
        call.json(&users)
    }

    pub(super) fn me(&self, call: &Call<'_>) -> Result<Answer, Answer> {
        match call.presented.caller {
            Caller::User(at) => {
                Ok(call.json(&UserDto::new(self.version, &self.server_id, &self.users[at])))
            }
            _ if self.version < Version::V10_9 => Err(Answer::Text(400)),
            _ => Err(Answer::Problem(400, "Bad Request")),
        }
    }

    pub(super) fn logout(&mut self, call: &Call<'_>) -> Answer {
        let token = call.presented.token.as_deref().unwrap_or_default();
        match call.presented.caller {
            Caller::User(_) => self.revoke_token(token),
            Caller::ApiKey if self.version == Version::V10_7 => {
                self.api_keys.retain(|key| key.token != token);
            }
            _ => {}
        }
        Answer::Empty(204)
    }

    /// The last active first; 10.8 and older show everybody's, newer ones the caller's own.
    pub(super) fn visible_sessions(&self, call: &Call<'_>) -> Answer {
        let viewer = match call.presented.caller {
            Caller::User(at) if !self.users[at].settings.is_administrator => {
                Some(&self.users[at].id)
            }
            _ => None,
        };
        let is_shown =
            |owner| self.version < Version::V10_9 || viewer.is_none_or(|viewer| viewer == owner);
        let mut sessions: Vec<_> =
            self.sessions.iter().filter(|session| is_shown(&session.user_id)).collect();
        sessions.sort_by_key(|session| std::cmp::Reverse(session.last_activity));
        let sessions: Vec<_> = sessions
            .into_iter()
            .map(|session| SessionInfo::new(self.version, &self.server_id, session))
            .collect();
        call.json(&sessions)
    }

    /// The user that the path names.
    fn user_in_path(&self, call: &Call<'_>) -> Result<usize, Answer> {
        let text = call.path_user.as_deref().unwrap_or_default();
        let text = as_written(call, text);
        let id = guid(text).ok_or_else(|| not_valid("userId", text))?;
        self.user_with_id(&id).ok_or(Answer::Message(404, "User not found"))
    }

    pub(super) fn get_user(&self, call: &Call<'_>) -> Result<Answer, Answer> {
        let user = &self.users[self.user_in_path(call)?];
        Ok(call.json(&UserDto::new(self.version, &self.server_id, user)))
    }

    /// Editing users is outside this server's world: nobody may.
    pub(super) fn update_user(&self, call: &Call<'_>) -> Result<Answer, Answer> {
        self.user_in_path(call).map(|_| Answer::Empty(403))
    }

    pub(super) fn remove_user(&mut self, call: &Call<'_>) -> Result<Answer, Answer> {
        let name = self.users[self.user_in_path(call)?].name.clone();
        self.delete_user(&name);
        Ok(Answer::Empty(204))
    }

    /// The user's other tokens end, the one that asked stays.
    pub(super) fn change_password(&mut self, call: &Call<'_>) -> Result<Answer, Answer> {
        let own = match call.presented.caller {
            Caller::User(at) => Some(at),
            _ => None,
        };
        let at = match (&call.path_user, call.query.get("userId")) {
            (Some(id), None) if id != "password" => self.user_in_path(call)?,
            (_, Some(id)) if self.version >= Version::V10_9 => {
                let id = guid(&id).ok_or_else(|| not_valid("userId", &id))?;
                self.user_with_id(&id).ok_or(Answer::Message(404, "User not found"))?
            }
            _ => own.ok_or(Answer::Message(404, "User not found"))?,
        };
        let names = ["CurrentPw", "NewPw", "ResetPassword"];
        let [current, new, reset] = body::read(self.version, call.request, &PASSWORD_MODEL, names)?;
        let is_administrator = own.is_none_or(|own| self.users[own].settings.is_administrator);
        if own != Some(at) && !is_administrator {
            return Err(Answer::Message(403, "User is not allowed to update the password."));
        }
        let user = &mut self.users[at];
        if reset.as_deref() == Some("true") {
            user.settings.password.clear();
        } else {
            if own == Some(at) && current.unwrap_or_default() != user.settings.password {
                return Err(Answer::Message(403, "Invalid user or password entered."));
            }
            user.settings.password = new.unwrap_or_default();
        }
        let (id, kept) = (user.id.clone(), call.presented.token.clone());
        self.delete_tokens(|token| token.user_id == id && Some(&token.token) != kept.as_ref());
        Ok(Answer::Empty(204))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guids_are_read_in_every_form_of_dotnet() {
        let plain = "a852a27afe324084ae66db579ee3ee18";
        for text in [
            "A852A27AFE324084AE66DB579EE3EE18",
            "a852a27a-fe32-4084-ae66-db579ee3ee18",
            "{a852a27a-fe32-4084-ae66-db579ee3ee18}",
            "(a852a27a-fe32-4084-ae66-db579ee3ee18)",
        ] {
            assert_eq!(guid(text).as_deref(), Some(plain), "{text}");
        }
        for text in
            ["x", "", "a852a27a-fe324084ae66db579ee3ee18", "{a852a27afe324084ae66db579ee3ee18}"]
        {
            assert_eq!(guid(text), None, "{text}");
        }
    }
}
