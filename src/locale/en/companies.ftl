### Texts of companies.

## States
company-state-active = active
company-state-unconfirmed = unconfirmed
company-state-suspended = suspended
company-state-closed = closed
