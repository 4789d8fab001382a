//! The desk: where agents see tickets, and take conversations over.
//!
//! What it is not: it has no rule about who may do what when; what an agent does goes into the conversation's inbox as
//! [`bot_core::dialogue::Input::Agent`], and the core decides.
