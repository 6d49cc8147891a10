### Texts of the frame of e-mails.

## The frame of an e-mail
mail-unsubscribe = Unsubscribe
