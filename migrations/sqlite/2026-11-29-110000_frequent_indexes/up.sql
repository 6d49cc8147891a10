-- Indexes for queries that run every minute, on every page or with every request, and read a whole table without them.

-- Sweeps.
CREATE INDEX quotes_validity ON quotes (valid_until, id) WHERE decided_at IS NULL;
CREATE INDEX people_unconfirmed ON people (id) WHERE confirmed_at IS NULL;
CREATE INDEX blobs_doomed ON blobs (id) WHERE doomed_at IS NOT NULL;
CREATE INDEX sessions_expiry ON sessions (expires_at);
CREATE INDEX account_tokens_expiry ON account_tokens (expires_at);
CREATE INDEX throttles_age ON throttles (updated_at);

-- Lists and counts of pages.
CREATE INDEX quotes_buyer ON quotes (buyer_id, id);
CREATE INDEX trade_records_supplier ON trade_records (supplier_id, id);
CREATE INDEX trade_records_buyer ON trade_records (buyer_id, id);
CREATE INDEX trade_records_supersedes ON trade_records (supersedes) WHERE supersedes IS NOT NULL;
CREATE INDEX rfqs_open ON rfqs (id) WHERE state = 'open';
CREATE INDEX reports_about ON reports (about_id, id);

-- Whom an e-mail goes to, whether a declaration was made before, who was invited, and whose a file is that is to go.
CREATE INDEX mail_refusals_stream ON mail_refusals (stream, person_id);
CREATE INDEX customs_references_line ON customs_references (scheme, number, item);
CREATE INDEX invitations_address ON invitations (email_key);
CREATE INDEX documents_blob ON documents (blob_id);

-- What an operator watches: how long the oldest open job has waited.
CREATE INDEX jobs_open ON jobs (run_at) WHERE done_at IS NULL AND dead_at IS NULL;
