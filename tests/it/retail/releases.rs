//! Retail records never enter the figures of general trade.
