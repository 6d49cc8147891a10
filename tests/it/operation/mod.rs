//! What an operator does with a platform that runs: rebuild its indexes, copy it and bring it back, look at it, stop it.

mod backup;
mod check;
mod crowd;
mod listen;
pub mod node;
mod reindex;
mod secrets;
pub mod size;
mod stop;
mod watch;
