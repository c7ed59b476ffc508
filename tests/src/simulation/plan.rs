use std::time::Duration;

use jellyfin_auth::{Policy, Renewals};

use super::{
    dice::Dice,
    incident::Incident,
    person::Person,
    weather::{Front, Weather},
};
use crate::fake_server::Version;

/// What a seed decides beforehand.
#[derive(Debug)]
pub struct Plan {
    pub(super) seed: u64,
    pub(super) dice: Dice,
    pub(super) version: Version,
    pub(super) way: Way,
    pub(super) account: Account,
    pub(super) policy: Policy,
    pub(super) weather: Weather,
    pub(super) front: Front,
    pub(super) person: Person,
    /// What happens to the server and the network, and when.
    pub(super) incidents: Vec<(Duration, Incident)>,
    /// What the program's user and computer do, and when.
    pub(super) moves: Vec<(Duration, Move)>,
    /// From here on nothing goes wrong.
    pub(super) heal_at: Duration,
}

/// How to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Password,
    QuickConnect,
}

/// What the administrator did to the user, and the server to itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Account {
    Good,
    WrongPassword,
    Disabled,
    ServerNotSetUp,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Move {
    PressNext,
    Stop { pause: Duration },
    Cancel,
    SetClockBack(Duration),
}

impl Plan {
    /// The plan of a seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let way = if dice.chance(40) { Way::Password } else { Way::QuickConnect };
        let version = match dice.below(20) {
            0 => Version::V10_7,
            1..=4 => Version::V10_8,
            5..=7 => Version::V10_9,
            8..=10 => Version::V10_10,
            11..=15 => Version::V10_11,
            _ => Version::V12,
        };
        let account = dice.weigh(&[
            (88, Account::Good),
            (5, Account::WrongPassword),
            (5, Account::Disabled),
            (2, Account::ServerNotSetUp),
        ]);
        let policy = policy(&mut dice);
        let trouble = dice.weigh(&[(25, Trouble::Calm), (45, Trouble::Some), (30, Trouble::Much)]);
        let heal_at = match trouble {
            Trouble::Calm => Duration::ZERO,
            _ => dice.weigh(&[(6, 30), (6, 120), (4, 600), (1, 3000)]) * dice.millis(100, 1000),
        };
        let weather = Weather::draw(&mut dice, trouble);
        let front = Front::draw(&mut dice);
        let person = Person::draw(&mut dice, policy.renewals == Renewals::Unlimited);
        let incidents = incidents(&mut dice, trouble, heal_at);
        let moves = moves(&mut dice, way, trouble, heal_at);
        Self {
            seed,
            dice,
            version,
            way,
            account,
            policy,
            weather,
            front,
            person,
            incidents,
            moves,
            heal_at,
        }
    }
}

/// How much goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    Calm,
    Some,
    Much,
}

fn policy(dice: &mut Dice) -> Policy {
    let mut policy = Policy::default();
    policy.renewals = dice.weigh(&[
        (50, Renewals::Never),
        (25, Renewals::Unlimited),
        (15, Renewals::Times(1)),
        (10, Renewals::Times(3)),
    ]);
    policy.poll_interval = Duration::from_secs(dice.weigh(&[(60, 5), (10, 1), (15, 10), (15, 30)]));
    policy.retries = dice.weigh(&[(80, 3), (10, 0), (10, 8)]);
    policy.probe = !dice.chance(10);
    policy.verify = dice.chance(20);
    policy
}

fn incidents(dice: &mut Dice, trouble: Trouble, heal_at: Duration) -> Vec<(Duration, Incident)> {
    let most = match trouble {
        Trouble::Calm => return Vec::new(),
        Trouble::Some => 1,
        Trouble::Much => 4,
    };
    let count = dice.between(0, most);
    (0..count)
        .map(|_| {
            let at =
                heal_at.mul_f64(f64::from(u32::try_from(dice.below(100)).unwrap_or(0)) / 100.0);
            (at, Incident::draw(dice))
        })
        .collect()
}

fn moves(dice: &mut Dice, way: Way, trouble: Trouble, heal_at: Duration) -> Vec<(Duration, Move)> {
    let mut moves = Vec::new();
    let span = heal_at.as_secs() + 60;
    if dice.chance(25) {
        for _ in 0..dice.between(1, 8) {
            moves.push((dice.seconds(0, span), Move::PressNext));
        }
    }
    if way == Way::QuickConnect && trouble != Trouble::Calm && dice.chance(25) {
        for _ in 0..dice.between(1, 3) {
            let pause = dice.weigh(&[(5, 10), (3, 120), (1, 900)]) * dice.millis(100, 1000);
            moves.push((dice.seconds(0, span), Move::Stop { pause }));
        }
    }
    if dice.chance(4) {
        moves.push((dice.seconds(0, span), Move::Cancel));
    }
    if dice.chance(8) {
        let lost = dice.seconds(1, 400);
        moves.push((dice.seconds(0, span), Move::SetClockBack(lost)));
    }
    moves
}
