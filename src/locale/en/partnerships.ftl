### Texts of partnerships.

## States
partnership-state-proposed = proposed
partnership-state-active = active
partnership-state-declined = declined
partnership-state-ended = ended
record-state-declared = declared
record-state-confirmed = confirmed
record-state-disputed = disputed
record-state-superseded = superseded
