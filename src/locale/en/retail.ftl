### Texts of retail records.

## States
retail-state-recorded = recorded
retail-state-superseded = superseded
retail-state-withdrawn = withdrawn

## The list
retail-title = Retail records
retail-lead = What you sold to consumers in other countries (B2C), or as a certified individual to another person (C2C). Nobody confirms these records, the consumer is only a country, and they never enter the figures of general trade.
retail-see-tables = See the tables they enter.
retail-none = No retail records here
retail-none-hint = Record a parcel, or the parcels of a month by country and kind of goods.
retail-month-label = Month
retail-parcels = Parcels
retail-counted = In retail statistics
retail-yes = yes
retail-no = no
retail-line-export = Export: { $reporter } to consumers in { $consumer }
retail-line-import = Import: into { $reporter } for consumers in { $consumer }

## A record
retail-record = Retail record
retail-self-declared = self-declared
retail-corrects = This corrects <a href="/retail-records/{ $id }">{ $id }</a>.
retail-corrected-by = Corrected by <a href="/retail-records/{ $id }">{ $id }</a>.
retail-period = Month or day
retail-platform = Platform or own shop
retail-customs-number = Customs number
retail-ioss = IOSS number
retail-reference = Own reference
retail-withdraw = Withdraw
retail-ask-withdraw = Withdraw this retail record?
retail-withdraw-then = The record stays in your list as withdrawn and enters no table. Its own reference and its customs number can be used again.

## The form
retail-new = Record retail sales
retail-correct-title = Correct a retail record
retail-form-intro = A parcel to one consumer, or the parcels of a month to one country with one kind of goods. Names and addresses of consumers do not belong here.
retail-correct-intro = The correction takes the place of the record at once; the old one stays in your list as superseded.
retail-record-button = Record
retail-correct-button = Record correction
retail-consumer-country = Country of the consumers
retail-consumer-hint = All that is recorded of them.
retail-platform-hint = The name of the platform where it was sold, or of your own shop.
retail-value = Value
retail-parcels-hint = How many this record sums up.
retail-month-hint = For a monthly summary; otherwise state the day.
retail-date = Day
retail-date-hint = Of the declaration, or of dispatch where nothing was declared.
retail-customs = Customs
retail-regime-hint = China: 9610, 1210, 1239, 9810. EU: 4000 for low value. US: 86. Leave empty where you do not know it.
retail-declarant-name = Name of the declarant
retail-declarant-hint = The postal operator, express carrier or e-commerce firm.
retail-declarant-number = Number of the declarant
retail-ioss-hint = IM and 10 digits. Only the form is checked.
retail-reference-hint = Your number of this record. While it is in force no other record can have it.

## A file of many
retail-upload = Upload a file of records
retail-upload-lead = A CSV file with a header, one record in each row. Rows that are wrong are refused and listed; the others are stored. Give each row a reference: a row that was stored already is then left as it is.
retail-file = File
retail-file-hint = CSV in UTF-8 with commas, semicolons or tabs; up to { $most } rows.
retail-upload-button = Upload
retail-columns = Columns
retail-refused-rows = Refused rows
retail-line-of-file = Line
retail-wrong = What is wrong
retail-uploaded = { $made } recorded, { $same } already there, { $refused } refused.
retail-csv-unreadable = must be a table in CSV and UTF-8
retail-csv-cells = has { $cells } cells, where the header has { $columns }
retail-csv-twice = has the column { $column } twice
retail-csv-column = has the column { $column }, which is none of { $columns }
retail-csv-rows = must have at most { $most } rows
retail-csv-empty = must have a row below its header

## What is wrong with a record
retail-no-businesses = must be b2c or c2c: trade between businesses is recorded under a partnership
retail-needs-individual = must be b2c: c2c is what one certified person sells
retail-needs-certificate = must wait until a moderator has seen your identity document: c2c is recorded by certified individuals only
retail-needs-business = must be c2c: b2c is what a business sells
retail-platform-offline = must be absent where the deal was made offline
retail-role-of-declarant = is needed with a name or number of the declarant
retail-ioss-form = must be IM and 10 digits
retail-date-or-period = date or period is needed, and only one of them
retail-no-consumers = must not name or contact a consumer: no e-mail address, telephone number or messenger
retail-one-line = must be one line without control characters
retail-month = must be a month like 2026-10
retail-no-record = must be a retail record of yours
retail-reference-twice = { $record } in force has this reference. Correct it, or use another reference.
retail-number-twice = { $record } in force has this line of this customs declaration.
retail-number-elsewhere = two other companies have confirmed a shipment with this line of this declaration
retail-wrong-state = The record is { $state }.
retail-released = A release of the statistics holds this record. Correct it instead.
retail-batch-size = must have 1 to { $most } records

## Which table a record enters
retail-enters-exports = It enters the table of retail exports, { $parties }, of { $month }, in a release after the month is over; never general trade.
retail-enters-imports = It enters the table of retail imports, { $parties }, of { $month }, in a release after the month is over; never general trade.
retail-stands-exports = It stands in the table of retail exports, { $parties }, of { $month }; never general trade.
retail-stands-imports = It stands in the table of retail imports, { $parties }, of { $month }; never general trade.
retail-enters-none = It enters no table: { $reason }. Retail never enters general trade.
retail-excluded-force = it was corrected or withdrawn
retail-excluded-suspicious = its customs number is suspicious
retail-excluded-edition = its HS code is of another edition
retail-excluded-no-rate = no rate of its time to the currency of the tables is loaded
retail-excluded-value = a value above 50 million USD does not count by the word of one company
retail-excluded-not-identified = the seller is not identified: its register entry was not checked

## What is odd about a record
retail-odd-territory = The regime is of the code list of another customs territory than the reporting country.
retail-odd-us-value = A parcel above 800 USD is no low-value shipment of the US.
retail-odd-consumer = The goods came into another country than that of the consumers.
retail-odd-ioss-country = An IOSS number is for consumers in the European Union.
retail-odd-ioss-seller = An IOSS number is of a business, but this is what one person sold.
retail-odd-ioss-value = Parcels above 150 EUR do not go under an IOSS number.
retail-odd-post = No post takes parcels above 50 kg: the number of parcels may be missing.
retail-note-general-trade = The goods were declared as general trade. They are retail all the same and enter the retail tables only.
retail-note-form-only = Of this regime only the form of its code is checked.
