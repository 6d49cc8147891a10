//! Partnerships and the statistics made of them: who learns whom, what counts, and what the totals come to.

mod proposals;
