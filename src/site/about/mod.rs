//! How ranking, verification and statistics work: pages in plain words, with the weights and rules that the program really uses.

pub mod pages;
#[cfg(test)]
mod tests;
