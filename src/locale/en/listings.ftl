### Texts of listings: the public page, the supplier's page with its catalogue, and the pages on which a supplier manages listings.

## States
listing-state-draft = draft
listing-state-published = published
listing-state-paused = paused
listing-state-expired = expired
listing-state-removed = removed

## Batches
listings-batch-size = must have 1 to { $most } listings
listings-must-be-object = must be an object

## Mended
listings-mended-control_characters = Control characters were dropped.
listings-mended-html = HTML became plain text.
listings-mended-unit_assumed = No unit is given: pieces were assumed.

## Certificates
listings-scheme = Scheme
listings-number = Number
listings-issuer = Issuer
listings-valid-until = Valid until
listings-certificate-expired = expired
listings-certificate-file = file held by Tradepost, SHA-256 <code>{ $sha256 }</code>
listings-certificates-note = As stated by the company; ask for copies and check them with their issuers.

## Edit
listings-own = Your listings
listings-preview = Preview
listings-pictures = Pictures
listings-new-lead = Only the SKU and the name are required; each further field helps buyers to find and compare the listing.
listings-product-group = The product
listings-name = Name
listings-name-hint = What buyers search for, with grade and size: Stainless steel pipe 316L, seamless, DN50.
listings-sku = SKU
listings-hs-code = HS code
listings-hs-code-hint = 6 digits, or more with your national code.
listings-description = Description
listings-description-hint = No e-mail addresses or telephone numbers.
listings-language = Language
listings-language-hint = Two letters: en, zh, tr.
listings-origin = Country of origin
listings-not-specified = Not specified
listings-category = Category
listings-category-hint = From general to specific: Metals / Pipes / Stainless.
listings-keywords = Search keywords
listings-keywords-hint = Separated by commas.
listings-specifications = Specifications
listings-specifications-hint = One per line: Grade: 316L. A line that starts with a space continues the one above.
listings-brand = Brand
listings-mpn = Manufacturer part number
listings-gtin = GTIN
listings-price-and-quantity = Price and quantity
listings-price = Price
listings-price-hint = The price, or the lowest of a range.
listings-maximum-price = Maximum price
listings-maximum-price-hint = In the same currency.
listings-unit = Unit
listings-unit-hint = The unit that the price is for.
listings-tiers = Price by quantity
listings-tiers-hint = One per line, rising: minimum quantity: price, like 500: 4.40.
listings-moq = MOQ
listings-capacity = Monthly capacity
listings-lead-time = Lead time (days)
listings-terms = Terms
listings-incoterms = Delivery terms
listings-incoterm-place = must name a place after each Incoterm: FOB Ningbo
listings-incoterms-hint = One per line: the Incoterms 2020 rule, the place and its UN/LOCODE, like FOB Ningbo CNNGB. The first one is shown with the price.
listings-payment-terms = Payment terms
listings-packaging = Packaging
listings-certificates = Certificates
listings-certificates-hint = One per line: scheme; number; issuer; expiry date, like EN 10204 3.1; ; ; 2028-05-31. Only the scheme is required.
listings-linked-images = Image links
listings-linked-images-hint = One per line; shown as links. You can upload images once the listing is saved.
listings-expires-on = Expires on
listings-expires-on-hint = By default 180 days after publishing.
listings-save = Save
listings-save-and-publish = Save and publish
listings-cancel = Cancel

## Images
listings-edit-listing = Edit the listing
listings-no-pictures = No pictures yet. The first one is shown beside the listing in search results, and all of them on its page.
listings-picture-alt = { $name }, picture { $number }
listings-remove-picture = Remove picture { $number }
listings-remove = Remove
listings-add-pictures = Add pictures
listings-add-pictures-hint = PNG, JPEG or WebP, up to 10 MiB and 50 megapixels each, 10 in all. They are resized; the place and time that a camera stores in the file are removed.
listings-add = Add
listings-pictures-full = A listing has at most { $most } pictures; remove one to add another.

## Listing
listings-up = Up
listings-until-day = until { $day }
listings-edit = Edit
listings-taken-down = Removed by a moderator.
listings-price-on-request = No price stated: request a quotation.
listings-ships-in = Lead time { $time }
listings-per-month = { $quantity } per month
listings-picture-of = { $name }, picture { $number } of { $count }
listings-tier-from = From
listings-tier-price = Price / { $unit }
listings-details = Details
listings-article-number = Article number
listings-mpn-fact = Maker's part number
listings-delivery = Delivery (Incoterms 2020)
listings-payment = Payment
listings-more-pictures = More pictures
listings-pictures-elsewhere = On the supplier's own servers; they open outside Tradepost.
listings-picture-link = Picture { $number }
listings-supplier = Supplier
listings-ask-for-a-quote = Ask for a quote
listings-ask-about = Ask about this product
listings-write-to = Write to this company
listings-founded = Founded
listings-staff = Employees
listings-profile-and-catalogue = Profile and catalogue
listings-report = Report this listing
listings-updated = Updated
listings-indicative = Prices are indicative until both sides agree.

## Manage
listings-selling = Selling
listings-none = No listings yet
listings-none-hint = A listing is one product with its price, MOQ and terms. Buyers find it by search, and RFQs that fit it come to you. To add many at once, import a file.
listings-add-listing = Add a listing
listings-new = New listing
listings-import = Import and export
listings-states = States
listings-none-in-state = No listings in this state.
listings-product = Product
listings-state = Status
listings-actions = Actions
listings-no-price = none

## Supplier
listings-catalogue = Catalogue
listings-catalogue-empty = Nothing is published at the moment.
listings-catalogue-search = Search this catalogue
listings-hs = HS
listings-on-request = on request
listings-website = Website
listings-verification = Verification
listings-checked = Checked
listings-not-checked = Not checked
listings-report-company = Report this company
listings-show-contacts = Show contacts
listings-contacts-note = Contacts are shown when a quote between two companies is shortlisted or accepted, and to documented companies on request, a limited number of times; the company is notified. Levels show evidence; they can’t be bought.

## Titles, labels and notices
listings-publish = Publish
listings-pause = Pause
listings-renew = Renew
listings-tab = All ({ $count })
listings-done-publish = The listing is published; search finds it in a moment.
listings-done-pause = The listing is paused and hidden until you publish it again.
listings-done-renew = The listing is valid for another 180 days.
listings-done-remove = The listing is removed. Its SKU can be used again.
listings-done-save = The listing is saved.
listings-saved-only = The listing is saved, but not published.
listings-remove-question = Remove { $name }?
listings-remove-listing = Remove listing
listings-remove-what = It disappears from search, from your catalogue and from new matches, and cannot be published again.
listings-remove-kept = Quotes that were sent stay as they are; the SKU { $sku } can be used again.
listings-keywords-fact = Keywords
listings-not-public = Only your company sees this page; the listing is not published.
listings-legal-name = Legal name
listings-also-known-as = Also known as
listings-country = Country
listings-kind-of-company = Kind of company
listings-sells-to = Sells to
listings-languages = Languages
listings-pictures-of = Pictures of { $name }
listings-choose-file = choose a file first

## Errors
listings-taken-down-sku = A moderator removed the listing with this SKU: { $reason }
listings-sku-exists = There is a listing with this SKU already.
listings-sku-missing = There is no listing with this SKU yet.
listings-day-passed = must not have passed
listings-company-suspended = Your company is suspended and publishes nothing.
listings-must-be-sku-of-address = must be { $sku }, the SKU of the address, or be left out
listings-must-be-gtin = must be a GTIN of 8 to 14 digits
listings-gtin-check-digit = must be a GTIN whose last digit is its check digit
listings-category-levels = must have at most { $most } levels
listings-given-twice = is given twice
listings-must-be-positive = must be greater than 0
listings-lead-time-most = must be at most 1000 days
listings-day-passed-to-publish = must not have passed to be published
listings-price-below-lowest = must not be lower than the lowest price
listings-price-currency = must be { $currency }, the currency of the price
listings-tiers-rise = must be greater than 0 and than the quantity of the tier before
listings-published-already = The listing is published already.
listings-not-published = The listing is { $state }; only a published one allows this.
listings-renew-draft = The listing is a draft; publish it instead of renewing it.
listings-removed-for-good = The listing was removed and cannot come back.
listings-expired-on = The listing's expires_on is { $day }, which has passed; change or clear it first.
listings-sku-taken-field = is the SKU of another listing of your company
listings-sku-taken = Your company has a listing with this SKU already.
listings-pictures-most = is one too many: a listing has at most { $most } images; remove one first
listings-pictures-full-unconfirmed = does not fit: until you confirm your e-mail address, the images of your listings may have { $most } MiB together
listings-pictures-full-company = does not fit: the company's images may have { $most } MiB together
listings-must-not-be-empty = must not be empty
listings-pixels = { $width } x { $height } pixels
listings-must-be-picture = must be a whole PNG, JPEG or WebP picture of at most { $side } pixels a side and { $megapixels } megapixels

## Bounds
listings-too-many = A company has at most { $most } listings, removed ones included. Use the SKU of a removed one again.
listings-too-many-drafts = Confirm your e-mail address to have more than { $most } listings.
