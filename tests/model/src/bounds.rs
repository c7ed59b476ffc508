/// How to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// By password.
    Password,
    /// By Quick Connect.
    QuickConnect,
}

/// How much may happen. What is left of it is a part of every state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bounds {
    /// Requests and answers that are lost, refused or cut.
    pub losses: u8,
    /// Requests that arrive twice.
    pub duplicates: u8,
    /// Restarts of the server.
    pub restarts: u8,
    /// Times that more passes than a code lives.
    pub expiries: u8,
    /// Times that the computer sleeps for longer than a code and its approval live.
    pub sleeps: u8,
    /// Codes that are replaced.
    pub renewals: u8,
    /// Stops of the program, which then goes on from what it kept.
    pub resumes: u8,
    /// Presses of "next".
    pub presses: u8,
    /// Waits that end without an approval, all in all.
    pub waits: u8,
}

impl Bounds {
    /// Nothing but one renewal and three waits.
    pub const CALM: Self = Self {
        losses: 0,
        duplicates: 0,
        restarts: 0,
        expiries: 0,
        sleeps: 0,
        renewals: 1,
        resumes: 0,
        presses: 0,
        waits: 3,
    };

    /// What every change to the code is checked with: everything in pairs, and some of it in threes.
    /// Together they are explored in two minutes.
    pub const SMALL: [Self; 16] = [
        Self { losses: 2, ..Self::CALM },
        Self { losses: 1, duplicates: 1, ..Self::CALM },
        Self { losses: 1, restarts: 1, ..Self::CALM },
        Self { losses: 1, expiries: 1, ..Self::CALM },
        Self { losses: 1, resumes: 1, ..Self::CALM },
        Self { restarts: 1, expiries: 1, resumes: 1, ..Self::CALM },
        Self { losses: 1, presses: 2, ..Self::CALM },
        Self { losses: 1, restarts: 1, expiries: 1, ..Self::CALM },
        Self { losses: 1, restarts: 1, resumes: 1, ..Self::CALM },
        Self { losses: 1, duplicates: 1, restarts: 1, ..Self::CALM },
        Self { losses: 2, duplicates: 1, ..Self::CALM },
        // Another number of renewals.
        Self { losses: 1, restarts: 1, expiries: 1, renewals: 0, ..Self::CALM },
        Self { restarts: 2, resumes: 1, renewals: 2, ..Self::CALM },
        Self { losses: 1, sleeps: 1, ..Self::CALM },
        Self { losses: 1, sleeps: 1, restarts: 1, renewals: 0, ..Self::CALM },
        Self { losses: 1, sleeps: 1, resumes: 1, ..Self::CALM },
    ];
}
