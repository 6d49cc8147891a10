//! The integration tests: one binary, so that it links once.
//!
//! A test that touches the store is a plain function of a [`support::World`] (the whole application behind a real HTTP server)
//! or a [`support::TestDb`] (the database alone), named in a [`both!`] list: it then runs on SQLite and on PostgreSQL.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says by panicking that something is wrong")]

#[macro_use]
#[allow(dead_code, unused_imports, reason = "what support offers is for every test, used at the moment or not")]
mod support;

mod abuse;
mod accounts;
mod glossary;
mod http;
mod access;
mod alerts;
mod browser;
mod attachments;
mod images;
mod inbound;
mod imports;
mod indexing;
mod invited;
mod items;
mod certificates;
mod contacts;
mod conventions;
mod crawlers;
mod current_matches;
mod discovery;
mod documents;
mod edge;
mod event_feed;
mod exports;
mod faults;
mod judged;
mod load;
mod mail;
mod messages;
mod moderation;
mod partnerships;
mod migrations;
mod openapi;
mod plans;
mod quoting;
mod rates;
mod operation;
mod record_documents;
mod retail;
mod reveals;
mod rules_rest;
mod scenario_rest;
mod scenario_site;
mod search_texts;
mod store_suite;
mod sweeps;
mod syncing;
mod synonyms;
mod tidy;
mod verification;
mod webhooks;
