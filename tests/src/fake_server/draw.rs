use std::fmt::Write as _;

/// Draws tokens, secrets and codes: the same for the same seed, so that a test can be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Draw {
    state: u64,
}

impl Draw {
    pub(super) const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// `SplitMix64`: all that is asked of it is that no two draws are alike.
    const fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A random GUID as 32 lower-case hex digits.
    pub(super) fn guid(&mut self) -> String {
        let high = self.next() & !0xf000 | 0x4000;
        let low = self.next() & !(0b11 << 62) | (0b10 << 62);
        format!("{high:016x}{low:016x}")
    }

    /// A GUID with dashes, as it stands in file names.
    pub(super) fn dashed_guid(&mut self) -> String {
        let guid = self.guid();
        [&guid[..8], &guid[8..12], &guid[12..16], &guid[16..20], &guid[20..]].join("-")
    }

    /// A Quick Connect secret: 64 upper-case hex digits.
    pub(super) fn secret(&mut self) -> String {
        let mut secret = String::with_capacity(64);
        for _ in 0..4 {
            write!(secret, "{:016X}", self.next()).expect("a string takes all text");
        }
        secret
    }

    /// A Quick Connect code: 100000 to 999999.
    pub(super) fn code(&mut self) -> String {
        (100_000 + self.next() % 900_000).to_string()
    }

    /// A password reset PIN: `XX-XX-XX-XX`.
    pub(super) fn pin(&mut self) -> String {
        let bytes = self.next().to_be_bytes();
        format!("{:02X}-{:02X}-{:02X}-{:02X}", bytes[0], bytes[1], bytes[2], bytes[3])
    }

    /// The `traceId` of a problem report.
    pub(super) fn trace(&mut self) -> String {
        format!("00-{:016x}{:016x}-{:016x}-00", self.next(), self.next(), self.next())
    }
}
