### Texts of the help with HS codes in forms.

classification-suggest = Suggest HS codes
classification-suggested = Codes that the name suggests
classification-use = Use { $code }
classification-choose-below = Choose a subheading of { $code }
classification-because = for “{ $name }”
classification-none = No code was found for this name. Try a shorter or more usual name, without brand and model.
