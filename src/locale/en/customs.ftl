### Texts of customs.

## States
customs-outcome-valid = valid
customs-outcome-valid_form_only = valid form only
customs-outcome-suspicious = suspicious
customs-outcome-invalid = invalid
