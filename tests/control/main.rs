//! The control API, over real sockets.
