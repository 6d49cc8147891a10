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
