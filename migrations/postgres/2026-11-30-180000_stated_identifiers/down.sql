DROP INDEX company_identifiers_value;
-- The first of each number held it.
UPDATE company_identifiers SET state = 'claimed' WHERE state = 'stated';
UPDATE company_identifiers SET state = 'held'
WHERE state = 'claimed' AND NOT EXISTS (
    SELECT 1 FROM company_identifiers AS other
    WHERE other.kind = company_identifiers.kind AND other.value = company_identifiers.value
        AND (other.state = 'held' OR other.state = 'claimed' AND (other.created_at < company_identifiers.created_at
            OR other.created_at = company_identifiers.created_at AND other.company_id < company_identifiers.company_id))
);
