### Texts of statistics.
