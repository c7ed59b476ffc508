use std::fmt;

use super::{FakeServer, moment::Moment};

/// What an administrator sets for a user.
#[derive(Clone, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "an administrator has that many switches")]
pub struct UserSettings {
    /// `""` for none.
    pub password: String,
    /// A second password for the local network (10.7 and 10.8), once
    /// [`enable_local_password`](Self::enable_local_password) is set.
    pub easy_password: Option<String>,
    /// Whether the easy password signs in on the local network.
    pub enable_local_password: bool,
    /// Disabled by an administrator or by a lockout.
    pub is_disabled: bool,
    /// Administrators are exempt from device rules, and from schedules once signed in.
    pub is_administrator: bool,
    /// Hidden users are not in `/Users/Public`; new ones are hidden.
    pub is_hidden: bool,
    /// The device ids that may be used; `None` for all.
    pub allowed_devices: Option<Vec<String>>,
    /// Whether the user may come from outside the local network.
    pub remote_access: bool,
    /// Whether it is outside the user's access schedule now.
    pub schedule_closed: bool,
    /// Wrong passwords until the lockout; `None` for no lockout.
    pub lockout_limit: Option<u32>,
    /// Wrong passwords so far.
    pub failures: u32,
    /// How many sessions the user may have; 0 for any number.
    pub max_active_sessions: u32,
}

impl UserSettings {
    fn new(password: &str) -> Self {
        Self {
            password: password.to_owned(),
            easy_password: None,
            enable_local_password: false,
            is_disabled: false,
            is_administrator: false,
            is_hidden: true,
            allowed_devices: None,
            remote_access: true,
            schedule_closed: false,
            lockout_limit: None,
            failures: 0,
            max_active_sessions: 0,
        }
    }

    pub(super) fn may_use(&self, device_id: &str) -> bool {
        self.is_administrator
            || self.allowed_devices.as_ref().is_none_or(|allowed| {
                allowed.iter().any(|id| id.to_lowercase() == device_id.to_lowercase())
            })
    }
}

impl fmt::Debug for UserSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserSettings")
            .field("is_disabled", &self.is_disabled)
            .field("is_administrator", &self.is_administrator)
            .field("failures", &self.failures)
            .finish_non_exhaustive()
    }
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) settings: UserSettings,
    pub(super) last_login: Option<Moment>,
    pub(super) last_activity: Option<Moment>,
}

impl User {
    /// A sign-in or an approval is an activity; it is stored when the last one is a minute old.
    pub(super) fn be_active(&mut self, now: Moment) {
        if self.last_activity.is_none_or(|last| now.is_over(60, last)) {
            self.last_activity = Some(now);
        }
    }
}

/// Names are compared character by character, upper-cased where that gives one character.
fn is_same_name(left: &str, right: &str) -> bool {
    fn upper(character: char) -> char {
        let mut upper = character.to_uppercase();
        match (upper.next(), upper.next()) {
            (Some(single), None) => single,
            _ => character,
        }
    }
    left.chars().map(upper).eq(right.chars().map(upper))
}

/// Users, as an administrator handles them.
impl FakeServer {
    /// Adds a user as the dashboard does: no administrator, hidden, free to come from anywhere.
    /// `""` is no password. Returns the user's id.
    pub fn add_user(&mut self, name: &str, password: &str) -> String {
        let id = self.draw.guid();
        self.users.push(User {
            id: id.clone(),
            name: name.to_owned(),
            settings: UserSettings::new(password),
            last_login: None,
            last_activity: None,
        });
        id
    }

    /// A user's settings, to be read or changed without any of the effects that an administrator's
    /// update has.
    ///
    /// # Panics
    ///
    /// When there is no such user: the test named one that it did not add.
    pub fn user_mut(&mut self, name: &str) -> &mut UserSettings {
        let at = self.user_named(name).unwrap_or_else(|| panic!("no user is called {name:?}"));
        &mut self.users[at].settings
    }

    /// What an administrator's update of a user's policy does: a lockout limit of 0 becomes 3, and
    /// disabling signs the user out everywhere.
    ///
    /// # Panics
    ///
    /// When there is no such user.
    pub fn update_policy(&mut self, name: &str, change: impl FnOnce(&mut UserSettings)) {
        let settings = self.user_mut(name);
        change(settings);
        if settings.lockout_limit == Some(0) {
            settings.lockout_limit = Some(3);
        }
        if settings.is_disabled {
            let at = self.user_named(name).expect("looked up before");
            let id = self.users[at].id.clone();
            self.delete_tokens(|token| token.user_id == id);
        }
    }

    /// Deletes a user, the user's tokens first.
    ///
    /// # Panics
    ///
    /// When there is no such user.
    pub fn delete_user(&mut self, name: &str) {
        let at = self.user_named(name).unwrap_or_else(|| panic!("no user is called {name:?}"));
        let id = self.users.remove(at).id;
        self.delete_tokens(|token| token.user_id == id);
    }

    /// The id of a user.
    #[must_use]
    pub fn user_id(&self, name: &str) -> Option<&str> {
        self.user_named(name).map(|at| self.users[at].id.as_str())
    }

    pub(super) fn user_named(&self, name: &str) -> Option<usize> {
        self.users.iter().position(|user| is_same_name(&user.name, name))
    }

    pub(super) fn user_with_id(&self, id: &str) -> Option<usize> {
        self.users.iter().position(|user| user.id == id)
    }
}
