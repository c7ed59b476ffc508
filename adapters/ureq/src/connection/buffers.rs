use ureq::unversioned::transport::Buffers;
use zeroize::Zeroize as _;

/// Room for the largest head that is accepted, and for what follows it.
const INPUT: usize = 128 * 1024;
const OUTPUT: usize = 16 * 1024;

/// What ureq reads from and writes to. Requests and responses hold passwords and tokens: each byte is
/// wiped once it was sent or read, and what is left when the connection goes.
pub(super) struct WipedBuffers {
    input: Vec<u8>,
    consumed: usize,
    filled: usize,
    /// Whether the last look at the input used any of it: if not, more must come first.
    progress: bool,
    output: Vec<u8>,
    /// Whether the output may hold what wasn't sent.
    unsent: bool,
}

impl WipedBuffers {
    pub(super) fn new() -> Self {
        Self {
            input: vec![0; INPUT],
            consumed: 0,
            filled: 0,
            progress: false,
            output: vec![0; OUTPUT],
            unsent: false,
        }
    }

    /// So much of the output was sent.
    pub(super) fn sent(&mut self, amount: usize) {
        self.output[..amount].zeroize();
        self.unsent = false;
    }
}

impl Buffers for WipedBuffers {
    fn output(&mut self) -> &mut [u8] {
        self.unsent = true;
        &mut self.output
    }

    fn input(&self) -> &[u8] {
        &self.input[self.consumed..self.filled]
    }

    fn input_append_buf(&mut self) -> &mut [u8] {
        if self.consumed > 0 {
            self.input.copy_within(self.consumed..self.filled, 0);
            let left = self.filled - self.consumed;
            // Where it stood before.
            self.input[left..self.filled].zeroize();
            (self.consumed, self.filled) = (0, left);
        }
        &mut self.input[self.filled..]
    }

    fn input_appended(&mut self, amount: usize) {
        self.filled += amount;
    }

    fn input_consume(&mut self, amount: usize) {
        self.progress = amount > 0;
        self.input[self.consumed..self.consumed + amount].zeroize();
        self.consumed += amount;
    }

    /// ureq asks for this for bodies whose length isn't known beforehand: no request here has one.
    fn tmp_and_output(&mut self) -> (&mut [u8], &mut [u8]) {
        self.input_append_buf();
        self.unsent = true;
        (&mut self.input[self.filled..], &mut self.output)
    }

    fn can_use_input(&self) -> bool {
        self.consumed < self.filled && self.progress
    }
}

/// Most of both was never written, and wiping all of it would take longer than the rest of a sign-in.
impl Drop for WipedBuffers {
    fn drop(&mut self) {
        self.input[self.consumed..self.filled].zeroize();
        if self.unsent {
            self.output.zeroize();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_is_wiped_and_what_was_not_stays() {
        let mut buffers = WipedBuffers::new();
        buffers.input_append_buf()[..11].copy_from_slice(b"token, rest");
        buffers.input_appended(11);
        assert!(!buffers.can_use_input(), "nobody has looked at it");

        buffers.input_consume(7);

        assert!(buffers.can_use_input());
        assert_eq!(buffers.input(), b"rest");
        assert_eq!(&buffers.input[..11], b"\0\0\0\0\0\0\0rest");
        buffers.input_append_buf()[..2].copy_from_slice(b"++");
        buffers.input_appended(2);
        assert_eq!(buffers.input(), b"rest++");
        assert_eq!(&buffers.input[..12], b"rest++\0\0\0\0\0\0");
        buffers.input_consume(0);
        assert!(!buffers.can_use_input(), "it was too little");
        assert_eq!(buffers.input_append_buf().len(), INPUT - 6);
    }

    #[test]
    fn what_was_sent_is_wiped() {
        let mut buffers = WipedBuffers::new();
        let (scratch, output) = buffers.tmp_and_output();
        assert_eq!(scratch.len(), INPUT);
        output[..8].copy_from_slice(b"password");
        buffers.sent(8);
        assert!(buffers.output.iter().all(|byte| *byte == 0));
    }
}
