//! Tests of a listing's fields and life.
