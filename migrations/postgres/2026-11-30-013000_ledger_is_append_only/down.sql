DROP TRIGGER partnership_entries_no_delete ON partnership_entries;
DROP TRIGGER partnership_entries_no_update ON partnership_entries;
DROP FUNCTION refuse_ledger_change();
