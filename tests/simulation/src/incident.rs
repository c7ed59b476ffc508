use std::time::Duration;

use super::{
    agenda::{Agenda, Event},
    dice::Dice,
    facts::Facts,
    front::Portal,
    servers::Servers,
};
use jellyfin_auth_testkit::fake_server::Phase;

/// What befalls a server, and what ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Incident {
    /// It restarts, and takes as long for each part of it.
    Restart {
        part: Duration,
    },
    Reach(Reach),
    Phase(Phase),
    /// It is back, with nothing that was pending.
    Ready,
    QuickConnectOff {
        time: Duration,
    },
    QuickConnectOn,
    BaseUrl(&'static str),
    RequireHttps,
    BlockAddress {
        time: Duration,
    },
    UnblockAddress,
    /// It answers everything with this status.
    Failing {
        status: u16,
        time: Duration,
    },
    NotFailing,
    /// Another server stands at its address.
    Replace {
        time: Duration,
    },
    BackInPlace,
    /// Something between client and server answers everything in its own way.
    Portal {
        portal: Portal,
        time: Duration,
    },
    NoPortal,
}

/// Whether connections are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    Up,
    Refused,
}

impl Incident {
    pub(super) fn draw(dice: &mut Dice) -> Self {
        let portal = Portal::draw(dice);
        let time = dice.weigh(&[(4, 5), (4, 30), (2, 200), (1, 1500)]) * dice.millis(100, 1000);
        // The last of them takes longer than anybody's patience.
        let part = dice.weigh(&[(4, 1), (3, 10), (4, 100)]) * dice.millis(100, 1000);
        let status = dice.pick(&[500, 500, 501, 503, 599]);
        dice.weigh(&[
            (6, Self::Restart { part }),
            (4, Self::QuickConnectOff { time }),
            (1, Self::BaseUrl("/jellyfin")),
            (1, Self::RequireHttps),
            (1, Self::BlockAddress { time }),
            (2, Self::Failing { status, time }),
            (4, Self::Replace { time }),
            (6, Self::Portal { portal, time }),
        ])
    }

    /// Whether the server has another address from then on.
    pub(super) fn is_a_move(self) -> bool {
        matches!(self, Self::BaseUrl(_) | Self::RequireHttps)
    }

    pub(super) fn befall(
        self,
        now: Duration,
        servers: &mut Servers,
        facts: &mut Facts,
        agenda: &mut Agenda,
    ) {
        let mut later = |after, incident| agenda.plan(now + after, Event::Befall(incident));
        let settings = servers.own_mut().settings_mut();
        match self {
            Self::Restart { part } => {
                facts.reach = Reach::Refused;
                servers.own_mut().restart();
                facts.restarted_at = Some(now);
                facts.starts += 1;
                later(part, Self::Phase(Phase::SetUpServerWaiting));
                later(part * 2, Self::Phase(Phase::SetUpServer));
                later(part * 4, Self::Reach(Reach::Refused));
                later(part * 5, Self::Phase(Phase::Loading));
                later(part * 7, Self::Ready);
            }
            Self::Reach(reach) => {
                if facts.starts > 0 {
                    facts.reach = reach;
                }
            }
            Self::Phase(phase) => {
                if facts.starts > 0 {
                    facts.reach = Reach::Up;
                    servers.own_mut().set_phase(phase);
                }
            }
            Self::Ready => {
                // A restart that began meanwhile is not over yet.
                facts.starts = facts.starts.saturating_sub(1);
                if facts.starts == 0 {
                    facts.reach = Reach::Up;
                    servers.own_mut().set_phase(Phase::Ready);
                }
            }
            Self::QuickConnectOff { time } => {
                settings.quick_connect = false;
                facts.quick_connect_was_off = true;
                later(time, Self::QuickConnectOn);
            }
            Self::QuickConnectOn => settings.quick_connect = true,
            Self::BaseUrl(base) => base.clone_into(&mut settings.base_url),
            Self::RequireHttps => settings.require_https = true,
            Self::BlockAddress { time } => {
                settings.address_blocked = true;
                facts.address_was_blocked = true;
                later(time, Self::UnblockAddress);
            }
            Self::UnblockAddress => settings.address_blocked = false,
            Self::Failing { status, time } => {
                servers.failing = Some(status);
                later(time, Self::NotFailing);
            }
            Self::NotFailing => servers.failing = None,
            Self::Replace { time } => {
                servers.activate(1);
                facts.was_replaced = true;
                later(time, Self::BackInPlace);
            }
            Self::BackInPlace => servers.activate(0),
            Self::Portal { portal, time } => {
                facts.portal = Some(portal);
                later(time, Self::NoPortal);
            }
            Self::NoPortal => facts.portal = None,
        }
    }
}

/// Ends everything that time or an administrator ends.
pub(super) fn heal(servers: &mut Servers, facts: &mut Facts) {
    facts.healed = true;
    facts.reach = Reach::Up;
    facts.portal = None;
    facts.starts = 0;
    servers.failing = None;
    servers.activate(0);
    let own = servers.own_mut();
    own.set_phase(Phase::Ready);
    own.settings_mut().quick_connect = true;
    own.settings_mut().address_blocked = false;
}
