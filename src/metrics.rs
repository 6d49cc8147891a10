//! What is counted and measured while the program runs, for `/metrics`. A label is a route's pattern, a kind or a state: never an
//! id, a query or anything of a person.

use std::time::Duration;

use prometheus::process_collector::ProcessCollector;
use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder,
};

use crate::error::{Problem, Result};

/// Seconds: from a search answered from memory to a request that somebody gave up on.
const SECONDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];

/// The counters of this process.
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    request_seconds: HistogramVec,
    search_seconds: HistogramVec,
    job_runs: IntCounterVec,
    job_seconds: HistogramVec,
    jobs: IntGaugeVec,
    mails: IntGaugeVec,
    oldest_due_job_seconds: IntGauge,
    index_lag_seconds: IntGauge,
    index_lag_changes: IntGauge,
    index_documents: IntGaugeVec,
    database_connections: IntGaugeVec,
    database_sound: IntGauge,
    transaction_retries: IntCounterVec,
    sweep_failures: IntCounterVec,
}

/// The counters of what happens in the database, for who observes it.
pub struct StoreCounters {
    retries: IntCounterVec,
    failures: IntCounterVec,
}

impl StoreCounters {
    /// A transaction of the use case collided with another one.
    pub fn retried(&self, transaction: &str) {
        self.retries.with_label_values(&[transaction]).inc();
    }

    /// The sweep passed over a row that failed.
    pub fn row_failed(&self, sweep: &str) {
        self.failures.with_label_values(&[sweep]).inc();
    }
}

/// What is not counted as it happens but looked up when somebody asks.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// Kind, state (`waiting running retrying dead`) and number of the jobs that are not done.
    pub jobs: Vec<(String, &'static str, i64)>,
    /// State and number of the e-mails among them.
    pub mails: Vec<(&'static str, i64)>,
    /// How long the oldest job that could run has waited.
    pub oldest_due_job_s: i64,
    /// For how long the index has been behind the database.
    pub index_lag_s: i64,
    /// By how many changes.
    pub index_lag_changes: i64,
    /// Documents of each index.
    pub index_documents: Vec<(&'static str, u64)>,
    /// Pool, state (`used idle`) and number of the database connections.
    pub connections: Vec<(&'static str, &'static str, u32)>,
    /// Whether the last look at the database file found nothing wrong.
    pub database_sound: bool,
}

impl Metrics {
    /// Everything at zero.
    pub fn new() -> Result<Self> {
        let registry = Registry::new();
        registry.register(Box::new(ProcessCollector::for_self())).map_err(fault)?;
        let new = Making(&registry);
        Ok(Self {
            requests: new.counters("requests_total", "Requests answered", &["method", "route", "status"])?,
            request_seconds: new.histograms("request_seconds", "Time to answer a request", &["route"])?,
            search_seconds: new.histograms(
                "search_seconds",
                "Time to find, without the request around it",
                &["kind"],
            )?,
            job_runs: new.counters("job_runs_total", "Jobs run by this process", &["kind", "outcome"])?,
            job_seconds: new.histograms("job_seconds", "Time that a job ran", &["kind"])?,
            jobs: new.gauges("jobs", "Jobs that are not done, of the whole platform", &["kind", "state"])?,
            mails: new.gauges("mails", "E-mails that are not sent yet, of the whole platform", &["state"])?,
            oldest_due_job_seconds: new
                .gauge("oldest_due_job_seconds", "How long the oldest runnable job has waited")?,
            index_lag_seconds: new.gauge("index_lag_seconds", "For how long the index has been behind")?,
            index_lag_changes: new.gauge("index_lag_changes", "By how many changes the index is behind")?,
            index_documents: new.gauges("index_documents", "Documents that can be found", &["kind"])?,
            database_connections: new.gauges("database_connections", "Connections of the pools", &["pool", "state"])?,
            database_sound: new.gauge("database_sound", "1 unless the last look at its file found damage")?,
            transaction_retries: new.counters(
                "transaction_retries_total",
                "Runs of transactions that collided with others",
                &["transaction"],
            )?,
            sweep_failures: new.counters("sweep_failures_total", "Rows that a sweep passed over", &["sweep"])?,
            registry,
        })
    }

    /// A request was answered.
    pub fn request(&self, method: &str, route: &str, status: u16, took: Duration) {
        self.requests.with_label_values(&[method, route, &status.to_string()]).inc();
        self.request_seconds.with_label_values(&[route]).observe(took.as_secs_f64());
    }

    /// A search was answered.
    pub fn search(&self, kind: &str, took: Duration) {
        self.search_seconds.with_label_values(&[kind]).observe(took.as_secs_f64());
    }

    /// A job was run once.
    pub fn job(&self, kind: &str, outcome: &str, took: Duration) {
        self.job_runs.with_label_values(&[kind, outcome]).inc();
        self.job_seconds.with_label_values(&[kind]).observe(took.as_secs_f64());
    }

    /// The counters of what happens in the database.
    pub fn store_counters(&self) -> StoreCounters {
        StoreCounters { retries: self.transaction_retries.clone(), failures: self.sweep_failures.clone() }
    }

    /// Everything in Prometheus's text format.
    pub fn exposition(&self, now: &Snapshot) -> Result<String> {
        self.jobs.reset();
        for (kind, state, number) in &now.jobs {
            self.jobs.with_label_values(&[kind.as_str(), state]).set(*number);
        }
        for (state, number) in &now.mails {
            self.mails.with_label_values(&[*state]).set(*number);
        }
        self.oldest_due_job_seconds.set(now.oldest_due_job_s);
        self.index_lag_seconds.set(now.index_lag_s);
        self.index_lag_changes.set(now.index_lag_changes);
        for (kind, number) in &now.index_documents {
            self.index_documents.with_label_values(&[*kind]).set(i64::try_from(*number).unwrap_or(i64::MAX));
        }
        for (pool, state, number) in &now.connections {
            self.database_connections.with_label_values(&[*pool, *state]).set(i64::from(*number));
        }
        self.database_sound.set(i64::from(now.database_sound));
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text).map_err(fault)?;
        String::from_utf8(text).map_err(Problem::internal)
    }
}

struct Making<'r>(&'r Registry);

impl Making<'_> {
    fn counters(&self, name: &str, help: &str, labels: &[&str]) -> Result<IntCounterVec> {
        let made = IntCounterVec::new(options(name, help), labels).map_err(fault)?;
        self.registered(made)
    }

    fn gauges(&self, name: &str, help: &str, labels: &[&str]) -> Result<IntGaugeVec> {
        let made = IntGaugeVec::new(options(name, help), labels).map_err(fault)?;
        self.registered(made)
    }

    fn gauge(&self, name: &str, help: &str) -> Result<IntGauge> {
        let made = IntGauge::with_opts(options(name, help)).map_err(fault)?;
        self.registered(made)
    }

    fn histograms(&self, name: &str, help: &str, labels: &[&str]) -> Result<HistogramVec> {
        let options = HistogramOpts::from(options(name, help)).buckets(SECONDS.to_vec());
        let made = HistogramVec::new(options, labels).map_err(fault)?;
        self.registered(made)
    }

    fn registered<C: prometheus::core::Collector + Clone + 'static>(&self, made: C) -> Result<C> {
        self.0.register(Box::new(made.clone())).map_err(fault)?;
        Ok(made)
    }
}

fn options(name: &str, help: &str) -> Opts {
    Opts::new(name, help).namespace("tradepost")
}

fn fault(error: prometheus::Error) -> Problem {
    Problem::internal(format!("metrics: {error}"))
}
