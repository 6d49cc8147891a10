### Texts of reveals.
