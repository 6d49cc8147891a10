### Texts of moderation.

## States
report-state-open = open
report-state-dismissed = dismissed
report-state-upheld = upheld
