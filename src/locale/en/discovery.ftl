### Texts of the front page and of search: results, filters, the table of open RFQs.

## Front
discovery-front-about = Tradepost lists what suppliers offer and what buyers ask for, matches the two, and publishes honest statistics of general trade. Deals and customs clearance happen offline.
discovery-front-title = Trade across borders, found by fit
discovery-front-lead = Companies publish what they make and what they want to buy; Tradepost matches them, gives the reasons, and notifies both sides. The deal and the customs clearance happen offline between the two of you; the record of what was shipped stays here, confirmed by both sides.
discovery-post-an-rfq = Post an RFQ
discovery-publish = Publish what you sell
discovery-open-rfqs = Open RFQs
discovery-no-open-rfqs = No open RFQs yet
discovery-no-open-rfqs-hint = An RFQ says which product you need, how much of it, and where it goes. Matched suppliers are notified by e-mail. Quoting is free.
discovery-post-first-rfq = Post the first RFQ
discovery-all-open-rfqs = All open RFQs
discovery-in-figures = In figures
discovery-figures-note = As of { $time }. For trade figures and what they count, see <a href="/statistics">statistics</a>.
discovery-chapters = Listings by HS chapter
discovery-how-it-works = How it works
discovery-step-publish = List products or post an RFQ
discovery-step-publish-text = Publish listings one by one or from a file, or post an RFQ. The form shows which details are missing and what each would add.
discovery-step-match = Get matched
discovery-step-match-text = Each RFQ is matched with the suppliers that fit best, with reasons and gaps. Ranks are not for sale.
discovery-how-ranking-works = How ranking works
discovery-step-quote = Quote and compare
discovery-step-quote-text = Suppliers quote; the buyer compares side by side. Quotes that we can’t compare, because an exchange rate or the freight is missing, are marked “not comparable”.
discovery-step-trade = Trade offline, keep one record
discovery-step-trade-text = You sign, ship and clear customs as usual. Both sides confirm the partnership and each shipment with its customs declaration number.

## Parts
discovery-hs-code = HS <code>{ $code }</code>
discovery-closes = closes
discovery-product = Product
discovery-quantity = Quantity
discovery-column-to = To
discovery-column-closes = Closes
discovery-closes-when-full = when all quotes are in

## Results
discovery-filters = Filters
discovery-moq-up-to = MOQ up to
discovery-set = Set
discovery-moq-hint = In the unit of each listing.
discovery-lead-time-up-to = Lead time up to
discovery-days = days
discovery-price = Price
discovery-target-price = Target price
discovery-price-from = From
discovery-price-from-placeholder = from
discovery-price-to = Up to
discovery-price-to-placeholder = to
discovery-currency = Currency
discovery-search-in = Search in
discovery-sort = Sort
discovery-go = Go
discovery-did-you-mean = Did you mean <a href="{ $href }" data-swap="#results"><strong>{ $text }</strong></a>? These are its results. <a href="{ $literal }" rel="nofollow" data-swap="#results">Search for { $typed } as typed</a>
discovery-relaxed =
    { $whole ->
        [0] No results match all words.
        [one] { $whole } result matches all words and comes first.
       *[other] { $whole } results match all words and come first.
    } Behind: { $most } with most words, { $any } with any.
discovery-timed-out = The search was stopped at its time limit. There may be more results than are counted here.
discovery-active-filters = Chosen filters
discovery-remove-filter = (remove)
discovery-remove-all = Remove all
discovery-pages = Pages
discovery-first-page = First page
discovery-previous = Previous
discovery-next = Next

## Results: rows and states
discovery-or-more = { $count } or more
discovery-supplier-countries = supplier countries
discovery-figure-open-rfqs = open RFQs
discovery-rates = Converted at the { $source } rates of { $date }.
discovery-no-rates = No exchange rates for { $currency } are loaded, so only prices in that currency are compared.
discovery-took-no-time = under 1 ms
discovery-took = { $milliseconds } ms
discovery-no-results-filters = No results for these filters
discovery-no-results-filters-hint = Remove one of the filters above, or all of them.
discovery-remove-filters = Remove all filters
discovery-no-products-hint = Post an RFQ: suppliers whose listings match are notified, including those who list the product later.
discovery-no-suppliers-hint = Post an RFQ: matching suppliers are found for you.
discovery-no-rfqs-hint = Add a listing: you are notified by e-mail of each RFQ that matches it.
discovery-add-a-listing = Add a listing
discovery-no-results = No results
discovery-sort-relevance = Relevance
discovery-sort-newest = Newest
discovery-sort-price = Price, lowest first
discovery-sort-moq = MOQ, lowest first
discovery-sort-deadline = Deadline, soonest first
discovery-ignored = Ignored in this search: { $text }.
discovery-all-in = All { $scope }
discovery-price-on-request = Price on request
discovery-at-rate = at the { $source } rate of { $date }
discovery-more-listings = { $count } listings match
discovery-row-sells-to = Sells to { $countries }
discovery-row-sells-to-more = Sells to { $countries } and { $count } more
discovery-products = Products
discovery-row-target = target { $price }
discovery-buyer-hidden = buyer hidden
discovery-quote = Quote

## Filters
discovery-destination = Destination
discovery-country = Country
discovery-country-of-origin = Country of origin
discovery-supplier-type = Supplier type
discovery-verification = Verification
discovery-certification = Certification
discovery-incoterm = Incoterm
discovery-language = Language
discovery-hs-chapter = HS chapter
discovery-hs-classification = HS classification
discovery-category = Category
discovery-supplier = Supplier
discovery-sells-to = Sells to
discovery-language-ar = Arabic
discovery-language-cs = Czech
discovery-language-da = Danish
discovery-language-de = German
discovery-language-el = Greek
discovery-language-en = English
discovery-language-es = Spanish
discovery-language-fi = Finnish
discovery-language-fr = French
discovery-language-hi = Hindi
discovery-language-hu = Hungarian
discovery-language-id = Indonesian
discovery-language-it = Italian
discovery-language-ja = Japanese
discovery-language-ko = Korean
discovery-language-nl = Dutch
discovery-language-no = Norwegian
discovery-language-pl = Polish
discovery-language-pt = Portuguese
discovery-language-ro = Romanian
discovery-language-ru = Russian
discovery-language-sv = Swedish
discovery-language-th = Thai
discovery-language-tr = Turkish
discovery-language-uk = Ukrainian
discovery-language-vi = Vietnamese
discovery-language-zh = Chinese
discovery-chip-supplier = one supplier
discovery-chip-sells-to = sells to { $country }
discovery-chip-origin = origin { $country }
discovery-chip-hs = HS { $code }
discovery-chip-price-from = from { $currency } { $amount }
discovery-chip-price-to = up to { $currency } { $amount }
discovery-chip-currency = prices in { $currency }
discovery-chip-moq = MOQ up to { $quantity }
discovery-chip-lead-time = within { $days } days
discovery-chip-best-of-each = best of each supplier
discovery-parameter-hs = HS code
discovery-parameter-price-from = Price from
discovery-parameter-price-to = Price up to
discovery-parameter-currency = Currency of the price
discovery-lead-time = Lead time

## Errors
discovery-parameter-unknown = The parameter '{ $name }' is not known here; known are { $known }.
discovery-not-a-parameter = is not a parameter of this search
discovery-needs-currency = needs one currency beside it, like price_currency=USD
discovery-price-range = must not be below price_min
discovery-must-be-one-of = must be one of { $known }
discovery-must-be-company = must be company
discovery-must-be-facets = must be all, or some of { $known }
discovery-must-be-chapter = must be an HS chapter of two digits, like 73
discovery-must-be-company-id = must be the id of a company, like cmp_01hzx3k9abcde
discovery-must-be-hs = must be the first 2 to 10 digits of an HS code, like 7304 or 7304.41, or a section, like XVI
discovery-given-twice = must be given once
discovery-is-too-long = is too long
discovery-must-be-boolean = must be true or false
discovery-must-not-be-negative = must not be negative
discovery-must-be-days = must be a whole number of days from 0 to { $most }
discovery-limit-100 = must be a number from 1 to 100
discovery-too-deep = leads behind hit { $deepest } of an order by relevance, which is as deep as it is answered; narrow the search with a filter, or ask for another order: sort=newest has no such limit
discovery-query-string-invalid = The query string is not valid: { $error }.
discovery-limit-20 = must be a number from 1 to 20

## Counts and rebuilds
discovery-count-products = { $count ->
    [one] result
   *[other] results
}
discovery-count-suppliers = { $count ->
    [one] supplier
   *[other] suppliers
}
discovery-count-rfqs = { $count ->
    [one] open RFQ
   *[other] open RFQs
}
discovery-rebuilding-listings = The search index is being rebuilt: { $found } of about { $all } listings can be found so far.
discovery-rebuilding-companies = The search index is being rebuilt: { $found } of about { $all } companies can be found so far.
discovery-rebuilding-rfqs = The search index is being rebuilt: { $found } of about { $all } open RFQs can be found so far.
discovery-figure-listings = listings
discovery-save = Save this search
discovery-sign-in-to-save = Sign in to save this search
discovery-items = { $count ->
    [one] 1 item
   *[other] { $count } items
}
