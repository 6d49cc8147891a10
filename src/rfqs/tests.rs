//! Tests of an RFQ.
