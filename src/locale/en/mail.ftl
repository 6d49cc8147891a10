### Texts of mail.
