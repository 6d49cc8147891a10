### Texts of statistics.

## The page
statistics-title = General trade
statistics-lead = Exports FOB and imports CIF in { $currency }, rounded.
statistics-shown = Release { $number }, published on { $day }, covers the months up to { $covers }; it never changes.
statistics-preparation = { $period } is in preparation. The next release appears on { $day }.
statistics-by = Table
statistics-by-chapter-year = Chapters by year
statistics-by-chapter-month = Chapters by month
statistics-by-heading-year = Headings by year
statistics-by-partner-year = Partner countries by year
statistics-by-reporter-year = Reporting countries by year
statistics-by-month = Months
statistics-by-all = Countries and chapters by month
statistics-flow = Flow
statistics-both = Both
statistics-exports = Exports
statistics-imports = Imports
statistics-export = export, FOB
statistics-import = import, CIF
statistics-reporter = Reporting country
statistics-partner = Partner country
statistics-chapter = HS chapter
statistics-all = All
statistics-release = Release
statistics-newest = The newest
statistics-show = Show
statistics-empty = No release yet
statistics-empty-hint = Releases appear monthly, once companies have confirmed shipments with a customs reference.
statistics-what-counts = What is counted
statistics-totals = Totals
statistics-figures = Figures
statistics-none-shown = No figure of this table can be shown without showing a company.
statistics-period = Period
statistics-goods = Goods
statistics-value = Value, { $currency }
statistics-net-kg = Net kg
statistics-suppliers = Suppliers
statistics-buyers = Buyers
statistics-bar = Bar
statistics-of-release = of release { $number }
statistics-hidden = { $count ->
    [0] No row is hidden.
    [one] { $count } row is hidden.
   *[other] { $count } rows are hidden.
}
statistics-excluded = Excluded records
statistics-counted = { $records } records are counted in these tables.
statistics-reason = Reason
statistics-records = Records
statistics-releases = Releases
statistics-covers = Covers months up to
statistics-published = Published
statistics-revises = Revises
statistics-methodology = Methodology
statistics-as-of = As of
statistics-trade-system = Trade system
statistics-regime = Customs regime
statistics-valuation = Valuation
statistics-hs-edition = HS edition
statistics-time = Time of recording
statistics-rounding = Rounding
statistics-revisions = Revisions
statistics-currency = Currency
statistics-coverage = Coverage
statistics-suppression = Suppression rule

## The files
statistics-file-about = About
statistics-file-field = Field
statistics-file-text = Text
statistics-sdmx-frequency = Frequency
statistics-sdmx-measure = Measure
statistics-sdmx-value = Observation value
statistics-sdmx-unit = Unit of measure
statistics-sdmx-status = Observation status
statistics-sdmx-confidentiality = Confidentiality status

## The metadata of a table
statistics-meta-regime = general trade (China 0110, EU 40 00 and 10 00, US 01, UN C01 and C03)
statistics-meta-valuation = exports FOB, imports CIF, at the border of the reporting country
statistics-meta-partner = imports by country of origin where stated, exports by last known destination
statistics-meta-recording = date of release, else of declaration
statistics-meta-coverage = Shipments recorded on this platform between companies that are identified at least, confirmed by both sides, each with a well-formed customs reference; not official statistics.
statistics-meta-rounding = Values and weights are rounded to three digits and never finer than a thousand, so rows need not add up; companies and records are counted in classes.
statistics-meta-rule = Figures with fewer than { $companies } companies on a side, or that let one company estimate another within { $percent } %, are hidden, and so are those from which a hidden one, or what is hidden under a total, could be computed or estimated within { $percent } %. Companies of one owner count as one.
statistics-meta-revisions = A release never changes. A later one revises a month, and each figure, only when at least { $companies } companies on each side changed; until then the change waits, and the figure of the earlier release stands.
statistics-group-separated = { $error }, separated by commas
statistics-rows = { $first }-{ $last } of { $count }

## Retail
statistics-retail-title = Retail e-commerce, recorded
statistics-retail-apart = What businesses and individuals sell to consumers abroad (B2C, C2C) is not part of these figures and has tables of its own:
statistics-retail-not-general = This is not general trade.
statistics-retail-nothing = No sales to consumers are recorded yet
statistics-retail-empty-hint = Releases appear monthly, once companies have recorded retail sales or confirmed shipments.
statistics-retail-by-consumer = Countries of consumers by year
statistics-retail-parties = Parties
statistics-retail-consumer = Country of consumers
statistics-retail-sellers = Sellers
statistics-retail-export = export
statistics-retail-import = import
statistics-retail-counted = { $parties }: { $records } records are counted in these tables.
statistics-retail-chapter = must be a chapter of 2 digits: retail is published by chapter
statistics-retail-meta-regime = any (China 9610, 1210, 1239 and others); never counted as general trade
statistics-retail-meta-valuation = what the consumers paid for the goods, as the sellers state it
statistics-retail-meta-partner = the country of the consumers
statistics-retail-meta-recording = the month that the seller sums up, or the day of declaration or dispatch
statistics-retail-meta-coverage = Sales to consumers in other countries that sellers who are identified at least recorded on this platform, by their own word: nobody confirmed them. B2C and C2C are kept apart and are in no figure of general trade; not official statistics.

## What is wrong with a question
statistics-hs-code = must be a chapter of 2 digits or a heading of 4
statistics-month-only = must be a month, like 2026-10
statistics-not-closed = must be over: the last closed month is { $month }
statistics-covered = must not lie before { $month }, which release { $release } covers
statistics-not-proved = The release is refused: some of what it would hide could be found out.
statistics-made-twice = Another process made a release in the meantime.
