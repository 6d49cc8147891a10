### Texts of the pages about ranking, statistics and verification.

## The feed of open RFQs
site-feed-title = Newest open RFQs on Tradepost

## The operator's pages
operator-page-imprint = Imprint
operator-page-privacy = Privacy
operator-page-terms = Terms of use
operator-page-contact = Contact

## Ranking
site-ranking-lead = Tradepost ranks two things: search results, and the suppliers matched with an RFQ. No place in either can be bought, and no badge that could be bought counts.
site-ranking-search-title = Search results
site-ranking-search = A result ranks higher the better its own words answer what you typed:
site-ranking-search-all-words = First come results that contain all your words. Where they do not fill a page, results that contain most of them follow, then results that contain any, and the page says how many of each there are. What you put in quotes is in every result.
site-ranking-search-fields = For each word the best field counts, and every other field adds a little: the name weighs most, then the category and keywords, the description, the brand; specifications weigh less.
site-ranking-search-exact = A result that has all words, whose name is exactly what you typed, or in whose name your words stand side by side ranks higher. Article numbers, GTINs and HS codes match however they are written, but never “nearly”.
site-ranking-search-class = Results of the same kind of product as the best ones rise a little, by their category and specifications.
site-ranking-search-prior = Last and least come how far the supplier was verified and how new the listing is: together at most { $percent }{"\u00A0"}% of the best score. They order what is otherwise equal.
site-ranking-search-more = A misspelt word is corrected to a word that names, categories and specifications of listings contain; the page says what it searched for and offers the search as you typed it. A word that is the name of some product is never corrected. Suppliers rank by their own text and by their best listing; a long catalogue helps only slightly. Without words the newest come first. Prices compare by the kilogram, metre, square metre, litre or piece. Developers can ask for the parts of every score with <code>explain=true</code>.
site-ranking-match-title = Matched suppliers
site-ranking-match = Each match of an RFQ with a supplier has a score from 0 to 1, which is the plain sum of its stated reasons. Take a reason away and the score falls by exactly its share. What can add to it, and how much at most:
site-ranking-reason = Reason
site-ranking-what = What is compared
site-ranking-most = At most
site-ranking-compared = Compared
site-ranking-gaps = What does not fit is listed beside the score as a gap, in words. A supplier whom the buyer ruled out, by country or kind of company, is listed with that gap and is not notified by e-mail.
site-ranking-invited = The matches of an RFQ that only invited suppliers see are suggestions to its buyer. A supplier learns of such an RFQ when the buyer invites it, and not before.
site-ranking-not = What does not count
site-ranking-not-money = Money: there is no paid place, no paid badge, no paid answer.
site-ranking-not-clicks = Clicks, views and how often somebody signs in.
site-ranking-not-reader = Who you are: everybody who asks the same at the same time gets the same results.

## Statistics
site-statistics-lead = The <a href="/statistics">statistics</a> show trade that both sides confirmed here. They are not the trade of a country: they cover only what was recorded on this platform.
site-statistics-counts-title = What counts
site-statistics-counts = A record counts when all of this holds:
site-statistics-counts-b2b = It is between two companies; sales to consumers and between consumers are never mixed in.
site-statistics-counts-offline = The deal was made offline, not through a platform’s checkout.
site-statistics-counts-regime = Its customs regime is general trade, by the code of its customs system.
site-statistics-counts-confirmed = The other side confirmed it, and it is neither disputed nor replaced by a correction.
site-statistics-counts-declaration = It carries the number of a customs declaration that is well-formed and that no earlier record carries.
site-statistics-counts-identified = Both companies are <a href="/about/verification">identified</a> at least: a register entry was checked.
site-statistics-value-title = How it is valued
site-statistics-value = Exports are valued FOB, at the border of the exporting country; imports CIF, with freight and insurance up to the border of the importing country. The two are never added. Where a value cannot be derived from the Incoterm and the freight stated, the record is left out and not guessed: a price under EXW lacks the way to the border, one under DDP holds duties. The month is that of the release by customs, or of the declaration where no release is stated. Goods are by heading and chapter of the Harmonized System, 2022 edition. A value in another currency than that of the tables is converted at the published rate of its customs day; where no rate of that day is loaded, the record is left out and counted by that reason.
site-statistics-releases-title = When it appears
site-statistics-releases = Tables appear in releases, once a month, of months that are over. Two live tables would differ by one shipment, and whoever looked twice would read it. { $revisions } Each release has a number and a hash over all its cells and the release before, and stays at its address. The month that is open is only named as in preparation.
site-statistics-rounding = Values and weights are rounded to three digits and never finer than a thousand, so rows need not add up to their total; companies and records are counted in classes.
site-statistics-hidden-title = What is hidden
site-statistics-hidden = { $rule } Hidden cells have no figures in the files. Which cells are hidden is decided once for all tables and all releases together, and proved before a release appears: for every figure that shows a company there are two other worlds, one with it larger by that share and one with it smaller, which fit everything that was ever published. A release that cannot be proved is refused.
site-statistics-excluded-title = What is left out
site-statistics-excluded = Beside every table stands how many records were left out, each by the first reason that applies:
site-statistics-retail-title = Sales to consumers
site-statistics-retail = What businesses sell to consumers abroad (B2C), and certified individuals to other people (C2C), is recorded by the seller alone and stands in <a href="/statistics/retail">tables of its own</a>, in the same releases and under the same rules. They are never added to general trade, nor to each other.
site-statistics-formats = The same figures come as CSV, as a spreadsheet, in UN Comtrade’s order of columns, as SDMX-CSV with its data structure, and as JSON.
site-statistics-api = How to get them

## Verification
site-verification-lead = Levels show evidence; they can’t be bought. The badge beside a company’s name does not rate its prices, its quality or its delivery times.
site-level-registered = Registered
site-level-registered-text = Somebody opened an account in the company’s name, or the operator of this platform imported the company’s data from another one.
site-level-registered-not = Not checked: whether the company exists, and whether the user acts for it.
site-level-identified = Identified
site-level-identified-text = The company has an identifier from a public register (for example a VAT, EORI, LEI, USCC or D-U-N-S number) with the right format and valid check digits, and no other company here holds it. A moderator of this platform checked its register entry, which is shown on the company’s public profile for everybody to look up. A second company that claims the same identifier gets nothing from it until a moderator decides who holds it.
site-level-identified-not = Not checked automatically: we do not query registers, and an identifier without check digits, like EORI or D-U-N-S, is not enough. Look up the entry yourself before you pay.
site-level-documented = Documented
site-level-documented-text = A moderator of this platform checked documents, such as a register extract or a business licence, that show the company under this name. The public profile shows which documents, the day they were checked and the day the level expires: after one year by default, three years at most. An individual seller sends an identity document instead; the file is deleted with the decision, and only its hash, its issuer and its last day are kept.
site-level-documented-not = Not checked: the factory, the goods, the accounts.
site-level-audited = Audited
site-level-audited-text = A third party examined the company, and a moderator checked the report. The public profile shows its author and date, and the day the level expires.
site-levels-build = Each level builds on the one below. A change of name, country or identifiers removes all of them, because the evidence was about the company as it was; companies are reminded 30 and 7 days before evidence expires.
site-level-audited-not = Not checked by us: what the third party checked. Ask for the report, and who paid for it.
site-verification-certificates = Certificates
site-verification-certificates-text = Certificates in a profile or listing, like ISO 9001, are statements of the company with a number and an issuer, so that you can ask the issuer. They do not affect the level.
site-verification-customs = Customs declaration numbers
site-verification-customs-text = Tradepost checks the form of a declaration number, its check digit where the scheme has one, and that nobody else used it. We do not query customs offices, so no number here is ever “verified by customs”.
site-verification-ranking = What a level does in the ranking
site-verification-ranking-text = Almost nothing: see <a href="/about/ranking">how ranking works</a>.

## Titles and reasons
site-ranking-compares-terms = the words of the RFQ with those of the listing, in one language or between two by a dictionary of trade words
site-ranking-compares-goods = the names that the trade glossary has for the goods asked for
site-ranking-compares-class = attribute names, category and name with those of the goods that the market lists under these words
site-ranking-compares-breadth = how many more of the supplier's listings fit
site-ranking-compares-hs = the digits that the two codes have in common
site-ranking-compares-category = the steps that the two paths have in common
site-ranking-compares-destination = whether the supplier names the destination among its markets
site-ranking-compares-moq = whether the quantity wanted reaches it
site-ranking-compares-price = the price with the target, in the same currency
site-ranking-compares-lead-time = whether the goods can be there when they are wanted
site-ranking-compares-certificates = the certificates required with those stated
site-ranking-compares-incoterm = whether the Incoterm requested is offered
site-ranking-compares-supplier = how far it was verified, and how often it answered RFQs before
site-ranking-title = How ranking works
site-verification-title = What verification means
site-statistics-title = What statistics count
