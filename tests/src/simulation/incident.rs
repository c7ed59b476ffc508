use std::time::Duration;

use super::{
    agenda::{Agenda, Event},
    dice::Dice,
    facts::Facts,
};
use crate::fake_server::{FakeServer, Phase};

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
    /// Something between client and server answers everything in its own way for a while.
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

/// What answers in the server's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Portal {
    /// A log-in page with status 200.
    Page,
    /// A redirect to one on another host.
    Redirect,
    /// A redirect on the same host.
    RedirectHere,
    /// A proxy that wants its own log-in.
    Challenge,
    /// What a router of containers says while one restarts.
    NotFound,
    Forbidden,
    EmptyOk,
}

impl Incident {
    pub(super) fn draw(dice: &mut Dice) -> Self {
        let portal = dice.weigh(&[
            (3, Portal::Page),
            (2, Portal::Redirect),
            (1, Portal::RedirectHere),
            (1, Portal::Challenge),
            (2, Portal::NotFound),
            (1, Portal::Forbidden),
            (1, Portal::EmptyOk),
        ]);
        let time = dice.weigh(&[(4, 5), (4, 30), (2, 200), (1, 1500)]) * dice.millis(100, 1000);
        let part = dice.weigh(&[(5, 1), (3, 10), (1, 100)]) * dice.millis(100, 1000);
        dice.weigh(&[
            (6, Self::Restart { part }),
            (4, Self::QuickConnectOff { time }),
            (1, Self::BaseUrl("/jellyfin")),
            (1, Self::RequireHttps),
            (1, Self::BlockAddress { time }),
            (6, Self::Portal { portal, time }),
        ])
    }

    pub(super) fn befall(
        self,
        now: Duration,
        server: &mut FakeServer,
        facts: &mut Facts,
        agenda: &mut Agenda,
    ) {
        let mut later = |after, incident| agenda.plan(now + after, Event::Befall(incident));
        match self {
            Self::Restart { part } => {
                facts.reach = Reach::Refused;
                server.restart();
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
                    server.set_phase(phase);
                }
            }
            Self::Ready => {
                // A restart that began meanwhile is not over yet.
                facts.starts = facts.starts.saturating_sub(1);
                if facts.starts == 0 {
                    facts.reach = Reach::Up;
                    server.set_phase(Phase::Ready);
                }
            }
            Self::QuickConnectOff { time } => {
                server.settings_mut().quick_connect = false;
                facts.quick_connect_was_off = true;
                later(time, Self::QuickConnectOn);
            }
            Self::QuickConnectOn => server.settings_mut().quick_connect = true,
            Self::BaseUrl(base) => base.clone_into(&mut server.settings_mut().base_url),
            Self::RequireHttps => server.settings_mut().require_https = true,
            Self::BlockAddress { time } => {
                server.settings_mut().address_blocked = true;
                facts.address_was_blocked = true;
                later(time, Self::UnblockAddress);
            }
            Self::UnblockAddress => server.settings_mut().address_blocked = false,
            Self::Portal { portal, time } => {
                facts.portal = Some(portal);
                later(time, Self::NoPortal);
            }
            Self::NoPortal => facts.portal = None,
        }
    }
}

/// Ends everything that time or an administrator ends.
pub(super) fn heal(server: &mut FakeServer, facts: &mut Facts) {
    facts.healed = true;
    facts.reach = Reach::Up;
    facts.portal = None;
    facts.starts = 0;
    server.set_phase(Phase::Ready);
    server.settings_mut().quick_connect = true;
    server.settings_mut().address_blocked = false;
}
