### Texts of customs.

## States
customs-outcome-valid = valid
customs-outcome-valid_form_only = valid form only
customs-outcome-suspicious = suspicious
customs-outcome-invalid = invalid

## Looking goods up
customs-hs-title = HS codes of goods
customs-hs-lead = Type what the goods are called, in English, Chinese, Spanish, French, German, Portuguese, Italian or Russian, or a code. You see the headings they go under, what they are called in a second language, and the listings.
customs-hs-goods = Goods or code
customs-hs-goods-hint = Like wheel bearing, 球阀 or 8482.10
customs-hs-second = Second language
customs-hs-look-up = Look up
customs-hs-none = Nothing was found. Try a shorter or more usual name, without brand and model.
customs-hs-found = Codes for { $goods }
customs-hs-others = Other codes for { $goods }
customs-hs-found-by = Found by the name “{ $name }”.
customs-hs-count = { $count ->
    [one] 1 listing under { $code }
   *[other] { $count } listings under { $code }
}
customs-hs-no-listings = There are no listings under { $code } yet.
customs-hs-show = Show
customs-hs-code = Code
customs-hs-label = Goods
customs-hs-because = Found by
customs-hs-listings = Listings
customs-hs-see-listings = Listings under { $code }
customs-hs-advice = Codes and names follow HS 2022. They help to find goods and are no customs ruling; the customs office of the importing country decides.
customs-hs-code-title = { $code } { $label }
customs-hs-names = Names in eight languages
customs-hs-language = Language
customs-hs-terms = Trade names
customs-hs-above = Part of
customs-hs-below = Subheadings
customs-hs-neighbours = Next to it

## Checking a number
customs-check-lead = Checks the form, check digit, year and direction by the rules of each scheme. Only the customs office can say whether a declaration exists. Nothing you enter is stored.
customs-kind-of-number = Kind of number
customs-number = Number
customs-direction = Direction
customs-more-details = More details for a stricter check
customs-declaration-date = Date of the declaration
customs-item = Item
customs-country = Country
customs-country-hint = Whose customs office gave the number; needed for another country's number.
customs-not-stated = Not stated
customs-port = Port code
customs-port-hint = Only in India, like INNSA1.
customs-check-number = Check number
customs-stored-as = Stored as
customs-evidence-of = Evidence of
customs-parts = Parts of the number
customs-part = Part
customs-characters = Characters
customs-meaning = Meaning
customs-what-is-checked = What is checked
customs-form = Form
customs-example = Example
customs-check-digit = Check digit
customs-has-check-digit = yes
customs-no-check-digit = none
customs-verdict-valid = well-formed, check digit holds
customs-verdict-form-only = well-formed; this kind of number has no check digit
customs-verdict-suspicious = well-formed, but something contradicts
customs-verdict-invalid = not a number of this kind
customs-evidence-declaration = a declaration
customs-evidence-preliminary = an entry that customs has not accepted yet
customs-evidence-transit = a transit movement, which is neither import nor export
customs-evidence-supporting = a reference that belongs to a declaration but is none
customs-export = Export
customs-import = Import
customs-check-title = Check a customs number

## Contradictions between a regime and a record
customs-rule-platform = regime { $regime } needs a deal made through a platform, but this one was made offline
customs-rule-exports = regime { $regime } is for exports only
customs-rule-businesses = regime { $regime } is between businesses only
customs-rule-overseas = regime { $regime } is for goods sent to an overseas warehouse
customs-rule-direct = regime { $regime } is for goods sent to the buyer directly, not through a warehouse
customs-rule-retail = regime { $regime } is retail to consumers, but the record is between businesses
customs-rule-seller = regime { $regime } needs a business as the seller
customs-rule-imports = regime { $regime } is for imports only
customs-rule-parcels = regime { $regime } is for parcels sent to the consumer, not through a warehouse
customs-rule-bonded = regime { $regime } is of a bonded place or warehouse, but the goods did not go through one
customs-rule-bonded-home = regime { $regime } is of a bonded place or warehouse at home, but the goods went to one abroad
customs-rule-not-bonded = the goods went through a bonded warehouse, but regime { $regime } is of no bonded place
customs-rule-other-mode = regime { $regime } with a deal made through a platform: such an export may belong under 9710 or 9810
customs-rule-consumers = regime { $regime } is general trade, but both sides are consumers
customs-rule-direction = regime { $regime } is of an { $only }, but the record is an { $direction }
customs-rule-post = the post declares what goes by post, but the goods did not
customs-rule-express = an express carrier declares what it carries, but the goods went another way
customs-rule-firm = an e-commerce firm declared, but the deal was made offline and the goods went as general cargo

## Codes of regimes
customs-regime-form-china = must be a supervision mode of 4 digits, like 0110
customs-regime-form-eu = must be requested and previous procedure in 4 digits, like 4000
customs-regime-form-us = must be an entry type of 2 digits, like 01
customs-regime-form-un = must be a UN customs procedure, C and 2 digits, like C01
customs-regime-unknown = well formed, but not in the table of known codes
customs-language-one-of = must be one of { $languages }
customs-code-form = must be up to 10 digits, like 7304.41
customs-number-long = must be at most { $most } characters

## What is wrong with a number, whatever its scheme
customs-item-from-1 = items are counted from 1
customs-item-other = the number carries item { $own }, but item { $given } was given
customs-wrong-direction = { $scheme } is given for an { $only }, but the record is an { $direction }
customs-wrong-country = it is issued in { $issuer }, but { $given } was given
customs-future-date = the date { $date } lies in the future
customs-other-year = the number is of { $year }, but the date is { $date }
customs-check-digit-should = the check digit should be { $digit }
customs-future-year = the year { $year } lies in the future
customs-part-serial = running number

## Numbers of Brazil
customs-br-duimp-form = must be 2 digits of the year, BR, 10 digits and a check digit, like 24BR00001234563
customs-br-due-form = must be 2 digits of the year, BR and 10 digits, like 26BR0001234567
customs-br-di-form = must be 2 digits of the year, 7 digits and a digit, like 24/1234567-8
customs-br-year = year of registration
customs-br-country = Brazil
customs-br-check = over year and running number
customs-br-digit = last digit, not tested

## Numbers of China
customs-cn-pending = a preliminary entry is pending until customs accepts the declaration
customs-cn-item-form = the last two of 21 characters are the item, counted from 01
customs-cn-old = numbers of 9 digits are from before the present system and are not taken for new records
customs-cn-length = must be 18 characters, or 21 with the item; this has { $length }
customs-cn-form = must be 4 digits of the office, 4 of the year, the flow, and 9 digits
customs-cn-flow-form = position 9 is the flow: 1 or I for import, 0 or E for export
customs-cn-import-list = import, consolidated list
customs-cn-export-list = export, consolidated list
customs-cn-import = import
customs-cn-export = export
customs-cn-entry-year = year of entry
customs-cn-year = year of acceptance
customs-cn-office = customs office that takes the declaration
customs-cn-item = item of the declaration
customs-cn-year-range = the year { $year } is not between { $first } and { $last }
customs-cn-flow-other = position 9 says { $flow }, but the record is an { $direction }

## Movement reference numbers
customs-mrn-issuer = { $issuer } does not issue numbers of this kind
customs-mrn-form = must be 2 digits of the year, 2 letters of the country, 13 letters or digits, and a check digit
customs-mrn-length = must be 18 characters; this has { $length }
customs-mrn-year = accepted in { $year }
customs-mrn-country = country that issued it
customs-mrn-serial = unique in the country and year
customs-mrn-check = over the 17 characters before it
customs-mrn-letter-other = letter { $letter } at position 17 means { $means }, but the record is an { $direction }
customs-mrn-issued-in = it was issued in { $issuer }, but { $given } was given
customs-mrn-transit = a transit movement supports a record but proves neither import nor export
customs-mrn-soft = { $reason }; this issuer's numbers do not always carry it
customs-mrn-letter-a = export
customs-mrn-letter-b = export and exit summary
customs-mrn-letter-c = exit summary only
customs-mrn-letter-d = re-export notification
customs-mrn-letter-e = dispatch to a special fiscal territory
customs-mrn-letter-j = transit
customs-mrn-letter-k = transit and exit summary
customs-mrn-letter-l = transit and entry summary
customs-mrn-letter-m = transit, exit and entry summary
customs-mrn-letter-p = proof of Union status or manifest
customs-mrn-letter-r = import
customs-mrn-letter-s = import and entry summary
customs-mrn-letter-t = entry summary only
customs-mrn-letter-u = temporary storage
customs-mrn-letter-v = introduction from a special fiscal territory
customs-mrn-letter-w = temporary storage and entry summary
customs-mrn-letter-unknown = not a procedure letter of the present layout
customs-mrn-letter-undefined = { $letter } at position 17 is no procedure letter, and since 2022 one stands there
customs-mrn-german-e = export (old German letter)
customs-mrn-german-m = transit (old German letter)
customs-mrn-german-t = TIR (old German letter)
customs-mrn-german-i = entry (old German letter)
customs-mrn-german-x = exit (old German letter)
customs-mrn-german-z = arrival (old German letter)
customs-mrn-not-coded = not coded in the old layout

## Numbers of India
customs-in-port = customs site
customs-in-number = running number of the site
customs-in-date = date of the bill
customs-in-needs-port = needs the port code with it, like INNSA1
customs-in-port-form = the port code must be IN, three letters, and a letter or digit, like INNSA1
customs-in-number-form = the number must be 3 to 7 digits; courier bills go under the scheme other
customs-in-needs-date = needs the date of the bill with it, like 2026-04-10
customs-in-other-port = the number carries port { $port }, but { $given } was given
customs-in-other-date = the number carries the date { $date }, but { $given } was given

## Numbers of Japan and Korea
customs-jp-form = must be 11 digits, like 123 4567 8901
customs-kr-form = must be 5 characters of the declarant, 2 digits of the year, 6 digits and perhaps a letter, like 12345-26-123456X
customs-kr-declarant = who declared
customs-kr-year = year of the declaration
customs-kr-letter-other = the letter { $letter } means { $means }, but the record is an { $direction }

## Other countries' numbers
customs-other-needs-country = needs the country whose customs office gave it
customs-other-form = must be 4 to 35 letters, digits and / . -
customs-other-number = as the document gives it
customs-other-needs-date = needs the date of the document to be distinguished from other numbers
customs-other-own-scheme = numbers of { $country } have a scheme of their own, which checks more
customs-other-container = this is a container number, not a declaration

## References of British traders
customs-ducr-form = must be one digit of the year, the country and the trader's number, at most 35 characters, like 6GB987654321000-PO77
customs-ducr-no-country = { $country } at positions 2 and 3 is no country
customs-ducr-year = last digit of the year
customs-ducr-country = country of the trader
customs-ducr-reference = trader's number and own reference
customs-ducr-characters = may hold only letters, digits, ( ) - and /
customs-ducr-hyphen = needs a hyphen between the EORI and the own reference
customs-ducr-eori-form = needs the 12 or 15 digits of the EORI after the country
customs-ducr-reference-form = needs an own reference of 1 to 19 letters, digits, ( ) or - after the hyphen
customs-ducr-eori = EORI of the trader
customs-ducr-own = the trader's own reference
customs-mucr-waybill = air waybill
customs-mucr-carrier = carrier's reference
customs-mucr-trader = trader's or agent's reference
customs-mucr-form = must be GB/code-reference, A: and 11 characters of the air waybill, or C: and a carrier's reference

## Numbers of the United States
customs-us-no-filer = 000 is no filer code
customs-us-filer = broker or importer that files
customs-us-serial = the filer's running number
customs-us-check = over the 10 characters before it
customs-us-in-bond = this is an in-bond number (CBP 7512), which is not an entry
customs-us-entry-form = must be 3 characters of the filer, 7 digits and a check digit, like B76-0324527-8
customs-us-itn-form = must be X, the date as YYYYMMDD, and 6 digits, like X20260115004321
customs-us-no-date = { $digits } is not a date of this century
customs-us-day = day of acceptance

## Schemes of numbers, and their forms
customs-scheme-cn_declaration = China, customs declaration number
customs-scheme-cn_preliminary = China, preliminary entry number
customs-scheme-eu_mrn = EU movement reference number (MRN)
customs-scheme-uk_mrn = UK movement reference number (MRN)
customs-scheme-uk_ducr = Declaration unique consignment reference (DUCR)
customs-scheme-uk_mucr = Master unique consignment reference (MUCR)
customs-scheme-us_entry = US entry number
customs-scheme-us_itn = US internal transaction number (ITN)
customs-scheme-in_shipping_bill = India, shipping bill
customs-scheme-in_bill_of_entry = India, bill of entry
customs-scheme-br_duimp = Brazil, Duimp
customs-scheme-br_due = Brazil, DU-E
customs-scheme-br_di = Brazil, DI
customs-scheme-jp_declaration = Japan, declaration number
customs-scheme-kr_declaration = Korea, declaration number
customs-scheme-other = Another country's number
customs-form-of-cn_declaration = 18 characters: office 4, year 4, flow 1 (1 or I import, 0 or E export), serial 9; or 21 with the item
customs-form-of-cn_preliminary = 18 characters like the customs number; pending until the declaration is accepted
customs-form-of-eu_mrn = 18 characters: year 2, country 2, 12 letters or digits, procedure letter, check digit
customs-form-of-uk_mrn = 18 characters: year 2, GB or XI, 12 letters or digits, procedure, check digit
customs-form-of-uk_ducr = year digit, country, trader's EORI digits, hyphen, own reference; at most 35 characters
customs-form-of-uk_mucr = GB/code-reference, A: with an air waybill, or C: with a carrier's reference
customs-form-of-us_entry = filer 3, serial 7, check digit: FFF-NNNNNNN-C
customs-form-of-us_itn = X, date YYYYMMDD, 6 digits
customs-form-of-in_shipping_bill = port 6, number of 3 to 7 digits, date: PORT/NUMBER/YYYY-MM-DD
customs-form-of-in_bill_of_entry = port 6, number of 3 to 7 digits, date: PORT/NUMBER/YYYY-MM-DD
customs-form-of-br_duimp = year 2, BR, 10 digits, check digit
customs-form-of-br_due = year 2, BR, 10 digits
customs-form-of-br_di = year 2, serial 7, digit: YY/NNNNNNN-D
customs-form-of-jp_declaration = 11 digits
customs-form-of-kr_declaration = declarant 5, year 2, serial 6, type letter
customs-form-of-other = 4 to 35 letters, digits, and / . -; with the country and the date of the document


## Kinds of trade
customs-party-b2b = B2B
customs-party-b2c = B2C
customs-party-c2c = C2C
customs-channel-offline = offline
customs-channel-platform = platform
customs-route-general_cargo = general cargo
customs-route-air_parcel = air parcel
customs-route-post = post
customs-route-express = express
customs-route-overseas_warehouse = overseas warehouse
customs-route-bonded_warehouse = bonded warehouse
customs-declarant-consignor = consignor
customs-declarant-consignee = consignee
customs-declarant-broker = broker
customs-declarant-postal_operator = postal operator
customs-declarant-express_operator = express operator
customs-declarant-ecommerce_firm = e-commerce firm
customs-class-c2c = C2C
customs-class-b2c = B2C
customs-class-bonded_or_warehouse = bonded or warehouse
customs-class-general_trade = general trade
customs-class-other_general_group = other general group
customs-class-other = other
