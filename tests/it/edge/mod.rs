//! The edge: what strangers may send, and what it does to the others.

mod addresses;
mod bodies;
mod cors;
mod cost;
mod deadlines;
mod forgery;
mod headers;
mod limits;
mod killed;
mod latency;
mod malformed;
mod panics;
mod paths;
mod preconditions;
mod redirects;
mod repeats;
mod scripts;
mod slow;
