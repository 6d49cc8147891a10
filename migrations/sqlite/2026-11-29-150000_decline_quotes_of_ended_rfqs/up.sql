-- A company that closes withdraws its RFQs and quotes, from this version on. Those of companies that closed before had nobody left who
-- could decide them. Neither is in a search index: a closed company's RFQs left it when the company closed.
UPDATE rfqs SET state = 'withdrawn', version = version + 1
WHERE state IN ('open', 'closed') AND company_id IN (SELECT id FROM companies WHERE state = 'closed');
UPDATE quotes SET state = 'withdrawn', version = version + 1,
  decided_at = (SELECT companies.updated_at FROM companies WHERE companies.id = quotes.supplier_id)
WHERE state IN ('submitted', 'shortlisted') AND supplier_id IN (SELECT id FROM companies WHERE state = 'closed');

-- An RFQ that ends declines the quotes that still wait, from this version on. Those of RFQs that ended before waited for ever: no buyer
-- could decide them and no page named them as open. Their suppliers were notified when the RFQ ended, so nobody is notified again.
UPDATE quotes SET
  state = 'declined',
  decline_reason = (SELECT CASE rfqs.state
      WHEN 'withdrawn' THEN 'The RFQ was withdrawn.'
      WHEN 'awarded' THEN 'The buyer accepted another quote.'
      ELSE 'The RFQ ended without an award.'
    END FROM rfqs WHERE rfqs.id = quotes.rfq_id),
  decided_at = (SELECT rfqs.updated_at FROM rfqs WHERE rfqs.id = quotes.rfq_id),
  version = version + 1
WHERE state IN ('submitted', 'shortlisted')
  AND rfq_id IN (SELECT id FROM rfqs WHERE state IN ('withdrawn', 'awarded', 'not_awarded'));
