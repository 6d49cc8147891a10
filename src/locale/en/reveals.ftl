### Texts of contact reveals.

reveals-account = Account and company
reveals-none = Nobody has viewed your contacts. Your contact people are shown to another company when a quote between you is shortlisted or accepted, or when a documented company requests them. Each view is listed here, and you get a daily e-mail.
reveals-company = Company
reveals-basis = Basis
reveals-when = When
reveals-basis-quote = a quote between you was shortlisted or accepted
reveals-basis-request = on request
reveals-no-contacts = The company has no contact people. Ask a question on its RFQ, or send a quote.
reveals-role = Role
reveals-email = E-mail
reveals-phone = Telephone
reveals-shown-by-quote = Shown because a quote between your companies was shortlisted or accepted.
reveals-shown-on-request = Shown at your company’s request; the other company is notified.
reveals-left = You have { $count ->
    [one] 1 reveal
   *[other] { $count } reveals
} left.
reveals-use = Use these contacts for this trade only. Passing them on is against the rules of this platform.

## The daily e-mail
reveals-mail-subject = { $count ->
    [one] One company viewed your contacts
   *[other] { $count } companies viewed your contacts
}
reveals-mail-viewed-by = Viewed by
reveals-mail-and = And
reveals-mail-more = { $count } more
reveals-mail-lead = Contact people are shown when a quote between two companies is shortlisted or accepted, and to a documented company on request, a limited number of times.
reveals-mail-action = Contact views
reveals-mail-because = This is a service message about your company: at most one a day, when its contacts were viewed.

## In code
reveals-own = These are the contacts of your own company; its profile shows them.
reveals-alert = It viewed the contacts of { $day } companies in 24 hours and of { $month } in 30 days.
reveals-show = Show contacts
reveals-ask-see = You see the contact people of { $name } for 24 hours.
reveals-ask-free = A quote between your companies was shortlisted or accepted, so this is not counted.
reveals-ask-counted = This is counted: you have { $left } reveals left.
reveals-notified = { $name }: that your company viewed its contacts: immediately, and in a daily e-mail
reveals-ask = Show the contacts of { $name }?
reveals-of = Contacts of { $name }
reveals-views-title = Contact views
reveals-limit-day = Your company has viewed the contacts of { $limit } companies in 24 hours, which is the limit.
reveals-limit-month = Your company has viewed the contacts of { $limit } companies in 30 days, which is the limit.
