//! The edge: what strangers may send, and what it does to the others.

mod addresses;
