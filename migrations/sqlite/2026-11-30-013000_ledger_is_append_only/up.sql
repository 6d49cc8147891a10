-- Entries of a ledger are only ever added: neither a fault of the program nor a slip at the console changes one.
CREATE TRIGGER partnership_entries_no_update BEFORE UPDATE ON partnership_entries
BEGIN
    SELECT RAISE(ABORT, 'entries of a ledger are only ever added');
END;

CREATE TRIGGER partnership_entries_no_delete BEFORE DELETE ON partnership_entries
BEGIN
    SELECT RAISE(ABORT, 'entries of a ledger are only ever added');
END;
