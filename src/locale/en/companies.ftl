### Texts of companies: the profile, its certificate files and contact people, what was checked, and the checks of identifiers.

## States
company-state-active = active
company-state-unconfirmed = unconfirmed
company-state-suspended = suspended
company-state-closed = closed
identifier-state-stated = not checked
identifier-state-held = held
identifier-state-claimed = held by another company
identifier-state-refused = refused

## Kinds of company and of identifiers
company-form-manufacturer = manufacturer
company-form-trading_company = trading company
company-form-distributor = distributor
company-form-importer = importer
company-form-retailer = retailer
company-form-service = service
company-form-individual = individual
companies-identifier-uscc = China, unified social credit code
companies-identifier-vat = VAT number
companies-identifier-eori = EORI number
companies-identifier-lei = LEI
companies-identifier-duns = D-U-N-S number
companies-identifier-gln = GLN
companies-identifier-gtin = GTIN
companies-identifier-iec = India, importer-exporter code
companies-identifier-gstin = India, GSTIN
companies-identifier-cnpj = Brazil, CNPJ
companies-identifier-jp_corporate = Japan, corporate number

## Certificates
companies-company-profile = Company profile
companies-certificate-files-lead = Your company and moderators can open a certificate file. Everyone else sees that there is one, and its SHA-256, so that whoever gets a copy from you can compare it.
companies-no-certificates = No certificates yet
companies-no-certificates-hint = Add your certificates to the profile; upload their files here.
companies-edit-profile = Edit the profile
companies-scheme = Scheme
companies-number = Number
companies-issuer = Issuer
companies-valid-until = Valid until
companies-file = File
companies-no-file = none
companies-file-of = File of { $scheme } { $number }
companies-replace = Replace
companies-upload = Upload
companies-remove-file-of = Remove the file of { $scheme } { $number }
companies-remove = Remove

## Contacts
companies-contacts = Contact people
companies-contacts-lead = The people that other companies contact. They are not shown on public pages, in search or in e-mails: another company sees them only when they are revealed to it.
companies-no-contacts = No contacts yet.
companies-name = Name
companies-role = Role
companies-email = E-mail
companies-telephone = Telephone
companies-languages = Languages
companies-actions = Actions
companies-change = Change
companies-remove-contact = Remove { $name }
companies-new-contact = Add a contact
companies-contact-email-hint = E-mail or telephone is required.
companies-contact-telephone-hint = In international form: +49 40 1234567.
companies-languages-hint = Two-letter codes separated by commas: en, zh, tr.
companies-save = Save
companies-add-contact = Add contact
companies-owner-only = Only an owner of the company can change this.

## Edit
companies-account-and-company = Account and company
companies-public-profile = Public profile
companies-certificate-files = Certificate files
companies-company = Company
companies-name-hint = If you change the name or an identifier, the verification level returns to Registered.
companies-legal-name = Legal name
companies-trade-names = Other names
companies-one-per-line = One per line.
companies-country = Country
companies-choose = Choose
companies-kind = Kind of company
companies-identifiers = Identifiers
companies-identifiers-hint = One per line: the kind and the number, like vat NL001234567B01. Kinds: uscc vat eori lei duns gln gtin iec gstin cnpj jp_corporate. Put the country's two letters after a number that does not begin with them. Others see a number once a moderator has checked your register entry.
companies-business = Business
companies-description = Description
companies-description-hint = No e-mail addresses or telephone numbers: contacts are shown when a buyer shortlists you.
companies-website = Website
companies-founded = Founded in
companies-employees = Employees
companies-not-specified = Not specified
companies-markets = Markets
companies-markets-hint = Two-letter codes of countries you sell to, separated by commas: NL, DE, TR.
companies-certificates = Certificates
companies-certificates-hint = One per line: scheme; number; issuer; expiry date, like ISO 9001; NB-QM-40117; Nordkap; 2028-05-31. Only the scheme is required.
companies-save-profile = Save profile

## Titles, labels and notices
companies-choose-file = must be a file: choose one first
companies-saved = The profile is saved; search shows it in a moment.
companies-change-a-contact = Change a contact

## Evidence: what was checked
companies-name-invisible = must not have characters that nobody sees or that turn the direction of reading
companies-claim-ended = The identifier is no longer claimed: it was decided or removed from the profile.
companies-meaning-registered = It has an account, or the operator imported it from another platform. Nothing more was checked.
companies-meaning-identified = A register number was checked by its own check digits, and a moderator has checked its register entry.
companies-meaning-documented = A moderator checked its documents. They count until they expire.
companies-meaning-audited = An independent third party reported on it. The report counts until it expires.
companies-not-checked-identifier = No moderator has checked a register number of the company.
companies-not-checked-register = Whether a register has an entry for it.
companies-not-checked-documents = No moderator has checked its documents.
companies-not-checked-report = No third party has reported on it.
companies-not-checked-certificates = Certificates are shown as stated by the company; ask for copies and check them with their issuers.
companies-checked-digits = The form and check digits of { $name } { $value } hold; no other company here holds it.
companies-checked-form = The form of { $name } { $value } holds, which has no check digits; no other company here holds it.
companies-checked-until = It counts until { $last }.
companies-checked-register = Its entry in { $issuer } is { $entry }, looked up on { $looked_up }; a moderator accepted it on { $seen_on }.
companies-checked-documents = A moderator checked its documents on { $seen_on }: { $documents }.
companies-checked-identity = A moderator checked an identity document issued by { $issuer } on { $seen_on }; only its hash, issuer and expiry are kept.
companies-checked-report = A moderator checked a report by { $issuer } on { $seen_on }.
companies-checked-report-dated = A moderator checked a report by { $issuer }, dated { $dated } on { $seen_on }.

## Errors
companies-ambiguous-name = Several companies are called { $name }; name one by its id or ref.
companies-suspended-already = The company is suspended already.
companies-not-visible = The company does not take part, and nobody sees it.
companies-not-suspended = The company is not suspended.
companies-must-be-one-of = must be one of { $known }
companies-is-not-valid = is not valid
companies-at-most-64 = must have at most 64 characters
companies-belongs-into-profile = belongs in the company's profile; leave it out here
companies-must-be-year = must be a year from 1000 to 2100
companies-individual-publishes = An individual seller can publish once a moderator has checked an identity document.
companies-documented-reveals = Only a documented company can reveal contacts: a moderator has to check its documents first.
companies-ref-exists = There is a company with this ref already.
companies-contacts-most = A company has at most { $most } contact people.
companies-must-be-telephone = must be a telephone number in international form, like +49 40 1234567
companies-email-or-telephone = is required where there is no telephone number

## Checks of identifiers
companies-check-other-register = it is of a register of { $own }, but { $given } was given
companies-check-digits-expected = the check digits should be { $expected }
companies-check-digit-expected = the check digit should be { $expected }
companies-check-uscc-length = must be 18 characters; this has { $count }
companies-check-uscc-letters = { $character } is not among its digits and letters (no I, O, S, V, Z)
companies-check-uscc-region = positions 3 to 8 are the region, six digits
companies-part-entity-kind = kind of entity
companies-part-place = place of registration
companies-part-organisation = organisation code
companies-part-over-17 = over the 17 characters before it
companies-part-market-regulation = market regulation
companies-part-civil-affairs = civil affairs
companies-part-public-institutions = public institutions
companies-part-other-authority = other registering authority
companies-check-uscc-inside = the organisation code inside would end in { $expected }; the number as a whole holds
companies-check-eori = must be two letters of the country and 1 to 15 letters or digits, like NL001234567
companies-check-eori-country = { $prefix } is no member state of the EU, GB or XI (Greece is GR here)
companies-check-eori-gb = must have 12 or 15 digits after GB or XI
companies-part-issuing-country = country that gave it
companies-part-national-number = number in that country
companies-check-given-by = given by { $prefix }, while the company is of { $given }
companies-check-lei = must be 18 letters or digits and 2 check digits, like 5493001KJTIIGC8Y1R12
companies-part-issuer = issuing unit
companies-part-entity = the entity's characters
companies-part-over-18 = over the 18 characters before them
companies-check-duns = must be 9 digits, like 15-048-3782
companies-check-filler = is a filler, not a number
companies-check-gln = must be 13 digits, like 9506000134345
companies-check-gtin = must be 8, 12, 13 or 14 digits, like 4006381333931
companies-part-over-before = over the digits before it
companies-part-pan = permanent account number of the firm
companies-check-iec-old = ten digits are a code from before 2019, when the tax number took its place
companies-check-iec = must be the firm's PAN: 5 letters, 4 digits, a letter, like AAPFU0939F
companies-check-gstin = must be 15 letters and digits, like 27AAPFU0939F1ZV
companies-check-gstin-parts = state of 2 digits, PAN, registration, Z and check character do not fit together
companies-part-state = state of registration
companies-part-over-14 = over the 14 characters before it
companies-check-cnpj = must be 12 letters or digits and 2 check digits, like 11.222.333/0001-81
companies-part-company = the company
companies-part-establishment = the establishment; 0001 is usually the head office
companies-part-over-12 = over the 12 characters before them
companies-check-jp = must be 13 digits, like 5835678256246
companies-check-not-issued = no check digit makes this a number: it is not issued
companies-part-over-12-after = over the 12 digits after it
companies-part-registration = registration number
companies-check-vat = must be the country's two letters and its number, like DE136695976
companies-check-vat-country = must begin with the country's two letters, or come with the country
companies-check-vat-unknown = the form of { $prefix } numbers is not known here
companies-check-vat-digits = has the form of a { $prefix } number, but its check does not hold
companies-check-vat-form = has not the form of a { $prefix } number
companies-check-vat-given-by = given by { $prefix }, while the company is of { $own }
companies-absent = There is no such company: { $company }.
