-- Whoever named a number first held it, without anybody having looked. It is held with evidence only.
UPDATE company_identifiers SET state = 'stated'
WHERE state = 'held' AND NOT EXISTS (
    SELECT 1 FROM company_evidence
    WHERE company_evidence.company_id = company_identifiers.company_id
        AND company_evidence.ended_at IS NULL AND company_evidence.kind IN ('register', 'identity')
);
UPDATE company_identifiers SET state = 'stated'
WHERE state IN ('held', 'claimed') AND company_id IN (SELECT id FROM companies WHERE state IN ('unconfirmed', 'closed'));
UPDATE company_identifiers SET state = 'stated'
WHERE state = 'claimed' AND NOT EXISTS (
    SELECT 1 FROM company_identifiers AS other
    WHERE other.kind = company_identifiers.kind AND other.value = company_identifiers.value AND other.state = 'held'
);
-- Who names a number is asked whenever its holder changes.
CREATE INDEX company_identifiers_value ON company_identifiers (kind, value);
