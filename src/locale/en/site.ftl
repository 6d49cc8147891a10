### Texts of site.
