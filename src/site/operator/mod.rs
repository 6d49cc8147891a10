//! What the operator has to say: imprint, privacy, terms and contact, each from a text file that the configuration names.

pub mod pages;
