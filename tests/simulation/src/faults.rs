use jellyfin_auth::Failure;

use super::{dice::Dice, plan::FaultLevel};

/// How likely each single request is to fail, and how slow the network is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Faults {
    percent: u64,
    /// Milliseconds of the slowest way of a message.
    pub(super) slowest: u64,
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fate {
    Passes,
    /// No connection is made.
    Refused(Failure),
    LostBefore(Failure),
    LostAfter(Failure),
    Stalled,
    Twice,
    /// Something in front of the server answers this in its place.
    Front(u16),
    /// The server acted, and a proxy answers that it didn't.
    FrontAfter(u16),
    /// The server's own software answers this before Jellyfin runs, and without the marker.
    BeforeJellyfin(u16),
    /// Jellyfin itself answers this, and does nothing.
    Fault(u16),
    /// The server acted, and its response is damaged.
    Garbled,
    TicketDropped,
}

impl Faults {
    pub(super) fn draw(dice: &mut Dice, fault_level: FaultLevel) -> Self {
        let percent = match fault_level {
            FaultLevel::Calm => 0,
            FaultLevel::Some => dice.pick(&[0, 2, 5]),
            FaultLevel::Much => dice.pick(&[5, 15, 40]),
        };
        let slowest = match fault_level {
            FaultLevel::Calm => 50,
            _ => dice.pick(&[50, 400, 3000, 8000]),
        };
        Self { percent, slowest }
    }

    pub(super) fn is_none(self) -> bool {
        self.percent == 0 && self.slowest == 50
    }

    pub(super) fn fate(self, dice: &mut Dice, replayable: bool) -> Fate {
        if !dice.chance(self.percent) {
            return Fate::Passes;
        }
        let failure = dice.weigh(&[
            (8, Failure::Interrupted),
            (4, Failure::Timeout),
            (3, Failure::Other),
            (1, Failure::Tls),
            (1, Failure::NoTls),
            (1, Failure::TooLarge),
            (1, Failure::Proxy),
            (1, Failure::Redirected),
        ]);
        let refused = dice.weigh(&[(8, Failure::Unreachable), (2, Failure::HostNotFound)]);
        let busy = dice.pick(&[429, 502, 503, 504, 520, 525, 530]);
        let gateway = dice.pick(&[502, 503, 504, 520, 524]);
        let odd = dice.pick(&[401, 403, 404, 408, 418, 451, 500, 511]);
        let early = dice.pick(&[400, 408, 414, 431]);
        let fault = dice.pick(&[500, 500, 501, 502, 503, 504, 599]);
        dice.weigh(&[
            (10, Fate::Refused(refused)),
            (12, Fate::LostBefore(failure)),
            (12, Fate::LostAfter(failure)),
            (4, Fate::Stalled),
            // Nothing that repeats requests on its own repeats a POST with a password.
            (4, if replayable { Fate::Twice } else { Fate::Refused(refused) }),
            (8, Fate::Front(busy)),
            (4, Fate::FrontAfter(gateway)),
            (3, Fate::Front(odd)),
            (2, Fate::BeforeJellyfin(early)),
            (4, Fate::Fault(fault)),
            (2, Fate::Garbled),
            (2, Fate::TicketDropped),
        ])
    }
}
