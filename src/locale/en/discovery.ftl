### Texts of discovery.
