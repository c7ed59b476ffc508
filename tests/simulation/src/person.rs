use std::time::Duration;

use super::dice::Dice;

/// Who types the code in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person {
    pub(super) habit: Habit,
    /// Types it in again after a success.
    pub(super) twice: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Habit {
    Soon,
    /// In the last moments of a code's life.
    Late,
    TooLate,
    Never,
    /// The first code is not the one that is shown.
    MistakesTheCode,
}

/// What the person does.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Approve {
        code: String,
        tries: u8,
        again: bool,
    },
    /// Somebody else's code, from another device.
    ApproveAnother,
}

impl Person {
    pub(super) fn draw(dice: &mut Dice, must_come: bool) -> Self {
        let habit = dice.weigh(&[
            (78, Habit::Soon),
            (8, Habit::Late),
            (4, Habit::TooLate),
            (2, Habit::Never),
            (8, Habit::MistakesTheCode),
        ]);
        let habit = if must_come && matches!(habit, Habit::Never | Habit::TooLate) {
            Habit::Soon
        } else {
            habit
        };
        Self { habit, twice: dice.chance(10) }
    }

    /// What the person does about a code that has just been shown, and after how long.
    pub(super) fn sees(self, code: &str, dice: &mut Dice, plan: &mut dyn FnMut(Duration, Act)) {
        let approve = Act::Approve { code: code.to_owned(), tries: 5, again: self.twice };
        match self.habit {
            Habit::Soon => plan(dice.seconds(1, 45), approve),
            Habit::Late => plan(dice.seconds(560, 599), approve),
            Habit::TooLate => plan(dice.seconds(601, 1300), approve),
            Habit::Never => {}
            Habit::MistakesTheCode => {
                let after = dice.seconds(1, 45);
                plan(after, Act::ApproveAnother);
                plan(after + dice.seconds(5, 60), approve);
            }
        }
    }
}
