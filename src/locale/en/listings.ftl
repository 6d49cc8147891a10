### Texts of listings.

## States
listing-state-draft = draft
listing-state-published = published
listing-state-paused = paused
listing-state-expired = expired
listing-state-removed = removed
