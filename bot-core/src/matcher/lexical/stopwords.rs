//! Words that name no topic: `text` has them, since they tell languages apart as well.
pub(super) use crate::text::is_stopword;
