### Texts of matching.

## States
match-state-suggested = suggested
match-state-notified = notified
match-state-seen = seen
match-state-quoted = quoted
match-state-dismissed = dismissed
