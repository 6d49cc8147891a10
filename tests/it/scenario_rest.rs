//! One whole trade, step by step.
