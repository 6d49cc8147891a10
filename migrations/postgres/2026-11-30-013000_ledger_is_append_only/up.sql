-- Entries of a ledger are only ever added: neither a fault of the program nor a slip at the console changes one.
CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'entries of a ledger are only ever added';
END
$$;

CREATE TRIGGER partnership_entries_no_update BEFORE UPDATE ON partnership_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change();

CREATE TRIGGER partnership_entries_no_delete BEFORE DELETE ON partnership_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change();
