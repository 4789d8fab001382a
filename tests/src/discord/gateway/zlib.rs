//! `compress=zlib-stream`: all that is sent on a connection is one zlib stream, flushed after each payload.
use flate2::{Compress, Compression, FlushCompress};

pub(super) struct Deflater(Compress);

impl Deflater {
    pub fn new() -> Deflater {
        Deflater(Compress::new(Compression::fast(), true))
    }

    /// The next piece of the stream, which ends with `00 00 ff ff`.
    pub fn deflate(&mut self, text: &str) -> Vec<u8> {
        let mut piece = Vec::with_capacity(text.len() / 2 + 64);
        let before = self.0.total_in();
        // Full of room and nothing left: it has been flushed.
        loop {
            let done = usize::try_from(self.0.total_in() - before).expect("a payload fits into memory");
            let result = self.0.compress_vec(&text.as_bytes()[done..], &mut piece, FlushCompress::Sync);
            result.expect("a buffer that grows never lacks room for good");
            if piece.len() < piece.capacity() {
                return piece;
            }
            piece.reserve(text.len() + 64);
        }
    }
}
