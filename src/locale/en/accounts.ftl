### Texts of accounts.
