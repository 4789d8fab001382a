//! Texts and expressions as authors write them: `{{ order.total | money }}`, `order.status == "delivered"`.
//!
//! The language is Jinja's, as Home Assistant, Ansible and dbt users know it, by the minijinja crate. What it is not: it
//! does not know where the values come from.

/// A text as written in the files: a template with `{{ … }}`, with **bold**, *italic*, `code` and [links](https://…).
/// It is also the key of its translations.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(pub String);

/// An expression as written in the files.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Expression(pub String);
