### Texts of verification.

## States
verification-state-open = open
verification-state-accepted = accepted
verification-state-refused = refused
