### Texts of statistics.

## The page
statistics-title = General trade
statistics-lead = Exports FOB and imports CIF in { $currency }, by reporting country, partner, HS chapter and month.
statistics-flow = Flow
statistics-both = Both
statistics-reporter = Reporter
statistics-partner = Partner
statistics-hs-chapter = HS chapter
statistics-all = All
statistics-show = Show
statistics-none = No data yet
statistics-none-hint = A cell appears when both sides of a partnership have confirmed shipments with a customs reference.
statistics-what-is-counted = What is counted
statistics-largest = Largest published cells, { $currency }
statistics-cell = Cell
statistics-value = Value
statistics-bar = Bar
statistics-all-cells = All cells
statistics-month = Month
statistics-value-in = Value, { $currency }
statistics-net-kg = Net kg
statistics-records = Records
statistics-suppliers = Suppliers
statistics-buyers = Buyers
statistics-hidden = (c) hidden: { $rule }
statistics-excluded = Excluded records
statistics-counted = { $count ->
    [one] { $count } record is counted in these tables.
   *[other] { $count } records are counted in these tables.
}
statistics-none-excluded = None is excluded.
statistics-reason = Reason
statistics-methodology = Methodology
statistics-as-of = As of
statistics-trade-system = Trade system
statistics-customs-regime = Customs regime
statistics-valuation = Valuation
statistics-hs-edition = HS edition
statistics-time-of-recording = Time of recording
statistics-exports = Exports
statistics-imports = Imports
statistics-export-fob = export, FOB
statistics-import-cif = import, CIF

## The metadata of a table
statistics-meta-regime = general trade (China 0110, EU 40 00 and 10 00, US 01, UN C01 and C03)
statistics-meta-valuation = exports FOB, imports CIF, at the border of the reporting country
statistics-meta-partner = imports by country of origin where stated, exports by last known destination
statistics-meta-recording = date of release, else of declaration
statistics-meta-coverage = Shipments recorded on this platform and confirmed by both sides, each with a well-formed customs reference; not official statistics.
statistics-meta-rule = Cells with fewer than { $companies } companies on a side, or with one company at { $percent } % or more of the value, are hidden, and so are the cells from which they could be computed.
statistics-group-separated = { $error }, separated by commas
