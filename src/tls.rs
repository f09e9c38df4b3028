//! TLS for a stage: a certificate authority of this machine's own, and what each server shows to its clients.

mod authority;

pub use authority::{LocalAuthority, TlsError};
