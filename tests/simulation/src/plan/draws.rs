//! What the dice decide, one by one.

use std::time::Duration;

use jellyfin_auth::{Policy, Renewals};

use super::{Account, FaultLevel, Goal, Lack, Make, Move, OtherCode};
use crate::{dice::Dice, front::Front, incident::Incident};
use jellyfin_auth_testkit::fake_server::Version;

pub(super) fn goal(dice: &mut Dice) -> Goal {
    dice.weigh(&[
        (32, Goal::Password),
        (44, Goal::QuickConnect),
        (6, Goal::FindServer),
        (6, Goal::CheckSession),
        (6, Goal::FindSession),
        (6, Goal::SignOut),
        (6, Goal::Approve),
    ])
}

pub(super) fn version(dice: &mut Dice, goal: Goal) -> Version {
    dice.weigh(&[
        // Its Quick Connect is another one.
        (1, if goal == Goal::Approve { Version::V10_8 } else { Version::V10_7 }),
        (4, Version::V10_8),
        (3, Version::V10_9),
        (3, Version::V10_10),
        (5, Version::V10_11),
        (4, Version::V12),
    ])
}

pub(super) fn make(dice: &mut Dice, goal: Goal) -> Make {
    let other = dice.pick(&[Lack::NotFound, Lack::NotAllowed, Lack::NotImplemented, Lack::Denied]);
    let others = match goal {
        Goal::SignOut => 25,
        Goal::QuickConnect => 4,
        _ => 2,
    };
    if dice.chance(others) { Make::Other(other) } else { Make::Jellyfin }
}

pub(super) fn account(dice: &mut Dice) -> Account {
    dice.weigh(&[
        (84, Account::Good),
        (5, Account::WrongPassword),
        (5, Account::Disabled),
        (4, Account::OutsideSchedule),
        (2, Account::ServerNotSetUp),
    ])
}

pub(super) fn other_code(dice: &mut Dice) -> OtherCode {
    dice.weigh(&[
        (6, OtherCode::Pending),
        (1, OtherCode::Unknown),
        (1, OtherCode::ApprovedBefore),
        (1, OtherCode::OnDeviceNotAllowed),
    ])
}

/// The address that the program has, and the server's own base URL.
pub(super) fn address(dice: &mut Dice, goal: Goal, front: Front) -> (&'static str, &'static str) {
    match (goal, front) {
        (Goal::FindSession, _) => ("nas.example", ""),
        (Goal::FindServer, _) => (dice.pick(&["nas.example", "nas.example:8096"]), ""),
        // A server without that base URL can't be found behind such a front.
        (_, Front::HomePage) => ("http://nas.example/jf/tv", dice.pick(&["", "/jf"])),
        _ => dice.weigh(&[
            (90, ("http://nas.example", "")),
            (4, ("http://nas.example/tv/old", "")),
            (3, ("http://nas.example/jellyfin", "/jellyfin")),
            (3, ("http://nas.example", "/jellyfin")),
        ]),
    }
}

pub(super) fn password_check(dice: &mut Dice) -> Duration {
    Duration::from_secs(dice.weigh(&[(93, 0), (3, 8), (2, 60), (2, 200)]))
}

pub(super) fn policy(dice: &mut Dice) -> Policy {
    let mut policy = Policy::default();
    let seconds = |seconds| Duration::from_secs(seconds);
    policy.renewals = dice.weigh(&[
        (50, Renewals::Never),
        (25, Renewals::Unlimited),
        (15, Renewals::Times(1)),
        (10, Renewals::Times(3)),
    ]);
    policy.poll_interval = seconds(dice.weigh(&[(60, 5), (10, 1), (15, 10), (15, 30)]));
    policy.retries = dice.weigh(&[(80, 3), (10, 0), (10, 8)]);
    policy.patience = seconds(dice.weigh(&[(60, 120), (10, 0), (10, 10), (10, 30), (10, 600)]));
    policy.request_timeout = seconds(dice.weigh(&[(70, 30), (15, 5), (10, 60), (5, 1)]));
    policy.password_timeout = seconds(dice.weigh(&[(80, 90), (10, 30), (10, 5)]));
    policy.probe = !dice.chance(10);
    policy.verify_token = dice.chance(20);
    policy
}

pub(super) fn incidents(
    dice: &mut Dice,
    policy: &Policy,
    fault_level: FaultLevel,
    heal_at: Duration,
) -> Vec<(Duration, Incident)> {
    let most = match fault_level {
        FaultLevel::Calm => return Vec::new(),
        FaultLevel::Some => 1,
        FaultLevel::Much => 4,
    };
    let count = dice.between(0, most);
    (0..count)
        .map(|_| {
            let percent = u32::try_from(dice.below(100)).unwrap_or(0);
            (heal_at * percent / 100, Incident::draw(dice))
        })
        // A program that renews its code for ever waits for ever for a server that has moved.
        .filter(|(_, incident)| policy.renewals != Renewals::Unlimited || !incident.is_a_move())
        .collect()
}

pub(super) fn moves(
    dice: &mut Dice,
    goal: Goal,
    fault_level: FaultLevel,
    heal_at: Duration,
) -> Vec<(Duration, Move)> {
    let mut moves = Vec::new();
    let span = heal_at.as_secs() + 60;
    if dice.chance(25) {
        for _ in 0..dice.between(1, 8) {
            moves.push((dice.seconds(0, span), Move::PressNext));
        }
    }
    if goal == Goal::QuickConnect && fault_level != FaultLevel::Calm && dice.chance(25) {
        for _ in 0..dice.between(1, 3) {
            let pause = dice.weigh(&[(5, 10), (3, 120), (1, 900)]) * dice.millis(100, 1000);
            moves.push((dice.seconds(0, span), Move::Stop { pause }));
        }
    }
    if dice.chance(4) {
        moves.push((dice.seconds(0, span), Move::Cancel));
    }
    if dice.chance(8) {
        let time = dice.weigh(&[(3, 120), (2, 900), (2, 4000)]) * dice.millis(500, 1000);
        let clock_stands_still = dice.chance(30);
        moves.push((dice.seconds(0, span), Move::Sleep { time, clock_stands_still }));
    }
    if dice.chance(8) {
        let lost = dice.seconds(1, 400);
        moves.push((dice.seconds(0, span), Move::SetClockBack(lost)));
    }
    if dice.chance(5) {
        let gained = dice.weigh(&[(3, 60), (2, 900), (1, 100_000)]) * dice.millis(100, 1000);
        moves.push((dice.seconds(0, span), Move::SetClockForward(gained)));
    }
    moves
}
