### Texts of quotes.

## States
quote-state-submitted = submitted
quote-state-shortlisted = shortlisted
quote-state-accepted = accepted
quote-state-declined = declined
quote-state-withdrawn = withdrawn
quote-state-expired = expired
