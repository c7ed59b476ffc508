mod draws;

use std::time::Duration;

use jellyfin_auth::{Policy, Renewals, ServerUrl};

use super::{
    dice::Dice, faults::Faults, front::Front, incident::Incident, neighbourhood::Neighbourhood,
    person::Person,
};
use jellyfin_auth_testkit::fake_server::Version;

/// What a seed decides beforehand.
#[derive(Debug)]
pub struct Plan {
    pub(super) seed: u64,
    /// Nothing at all goes wrong.
    pub(super) is_calm: bool,
    pub(super) dice: Dice,
    pub(super) version: Version,
    pub(super) make: Make,
    pub(super) goal: Goal,
    pub(super) account: Account,
    /// The code that is to be approved for another device.
    pub(super) other_code: OtherCode,
    /// The address, as the program has it.
    pub(super) address: &'static str,
    pub(super) base_url: &'static str,
    pub(super) neighbourhood: Neighbourhood,
    /// How long the server takes to check a password.
    pub(super) password_check: Duration,
    /// Whether a kept session knows its server's id.
    pub(super) knows_server_id: bool,
    /// Whether a kept code knows its age.
    pub(super) knows_code_age: bool,
    pub(super) policy: Policy,
    pub(super) faults: Faults,
    pub(super) front: Front,
    pub(super) person: Person,
    /// What happens to the server and the network, and when.
    pub(super) incidents: Vec<(Duration, Incident)>,
    /// What the program's user and computer do, and when.
    pub(super) moves: Vec<(Duration, Move)>,
    /// From here on nothing goes wrong.
    pub(super) heal_at: Duration,
}

/// What the program wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    Password,
    QuickConnect,
    FindServer,
    CheckSession,
    /// The same with several addresses.
    FindSession,
    SignOut,
    Approve,
}

impl Goal {
    /// Whether several addresses are asked at the same time.
    pub(super) fn is_search(self) -> bool {
        matches!(self, Self::FindServer | Self::FindSession)
    }

    pub(super) fn needs_session(self) -> bool {
        matches!(self, Self::CheckSession | Self::FindSession | Self::SignOut | Self::Approve)
    }
}

/// What the administrator did to the user, and the server to itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Account {
    Good,
    WrongPassword,
    Disabled,
    OutsideSchedule,
    ServerNotSetUp,
}

/// Who made the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Make {
    Jellyfin,
    Other(Lack),
}

/// How a server of another make answers what it doesn't have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lack {
    NotFound,
    NotAllowed,
    NotImplemented,
    Denied,
}

/// What the code is worth that is to be approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OtherCode {
    Pending,
    Unknown,
    ApprovedBefore,
    OnDeviceNotAllowed,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Move {
    PressNext,
    Stop { pause: Duration },
    Cancel,
    Sleep { time: Duration, clock_stands_still: bool },
    SetClockBack(Duration),
    SetClockForward(Duration),
}

/// How much goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FaultLevel {
    Calm,
    Some,
    Much,
}

impl Plan {
    /// The addresses that are looked at, in the order of the search or of the session.
    pub(super) fn addresses(&self) -> Vec<ServerUrl> {
        let mut addresses = ServerUrl::candidates(self.address).expect("an address");
        if self.goal == Goal::FindSession {
            let preferred = usize::try_from(self.seed % 4).expect("it is below 4");
            addresses[..=preferred].rotate_right(1);
        }
        addresses
    }

    /// The plan of a seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let goal = draws::goal(&mut dice);
        let policy = draws::policy(&mut dice);
        let fault_level =
            dice.weigh(&[(25, FaultLevel::Calm), (45, FaultLevel::Some), (30, FaultLevel::Much)]);
        let heal_at = match fault_level {
            FaultLevel::Calm => Duration::ZERO,
            _ => dice.weigh(&[(6, 30), (6, 120), (4, 600), (2, 3000)]) * dice.millis(100, 1000),
        };
        let front = Front::draw(&mut dice);
        let front = if goal.is_search() { Front::Nothing } else { front };
        let (address, base_url) = draws::address(&mut dice, goal, front);
        let faults = Faults::draw(&mut dice, fault_level);
        let incidents = draws::incidents(&mut dice, &policy, fault_level, heal_at);
        let moves = draws::moves(&mut dice, goal, fault_level, heal_at);
        Self {
            seed,
            is_calm: faults.is_none() && incidents.is_empty() && moves.is_empty(),
            version: draws::version(&mut dice, goal),
            make: draws::make(&mut dice, goal),
            goal,
            account: draws::account(&mut dice),
            other_code: draws::other_code(&mut dice),
            address,
            base_url,
            neighbourhood: Neighbourhood::draw(&mut dice),
            password_check: draws::password_check(&mut dice),
            knows_server_id: !dice.chance(10),
            knows_code_age: !dice.chance(20),
            faults,
            front,
            person: Person::draw(&mut dice, policy.renewals == Renewals::Unlimited),
            incidents,
            moves,
            policy,
            heal_at,
            dice,
        }
    }
}
