### Texts of the frame of e-mails.

## The frame of an e-mail
mail-unsubscribe = Unsubscribe

## Gathered e-mails
mail-gathered-subject = { $count } updates: { $newest }
mail-gathered-lead = These happened one after the other, so we gathered them into one e-mail.
mail-gathered-and = And
mail-gathered-more = { $count } more
mail-gathered-action = Open your dashboard

## Texts of companies that the reader has not dealt with
mail-left-out = (Left out of this e-mail: it holds a link or contact details. You can read it on the site.)
mail-left-out-subject = A company wrote to you on Tradepost

mail-kind-matches = Matching RFQs
mail-kind-quotes = Quotes
mail-kind-rfqs = RFQs and questions
mail-kind-messages = Messages
mail-kind-partnerships = Partnerships
mail-kind-alerts = Saved searches
mail-kind-company = Company
mail-reply = You can answer this e-mail: your reply becomes a message of the conversation.
