### Texts of rfqs.

## States
rfq-state-draft = draft
rfq-state-open = open
rfq-state-closed = closed
rfq-state-awarded = awarded
rfq-state-not_awarded = not awarded
rfq-state-withdrawn = withdrawn
