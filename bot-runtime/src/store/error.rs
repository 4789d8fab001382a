//! What a store can't do.

/// What a store can't do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// It can't be opened; what to do stands in the text.
    #[error("{0}")]
    Open(String),
    /// The disk is full.
    #[error("the disk that holds the store is full: nothing was stored")]
    Full,
    /// Another program holds it.
    #[error("the store is locked by another program")]
    Locked,
    /// It is damaged, or something in it can't be read.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// Anything else.
    #[error("the store failed: {0}")]
    Other(String),
}

impl StoreError {
    /// What every call gets after [`Store::close`](super::Store::close).
    pub(crate) fn closed() -> StoreError {
        StoreError::Other("it is closed".to_owned())
    }
}
