### Texts of conversations between companies.

messages-kind-listing = Listing
messages-kind-company = Company
messages-kind-rfq = RFQ
messages-kind-quote = Quote
messages-kind-partnership = Partnership
messages-kind-record = Trade record
messages-masked-email = e-mail address
messages-masked-phone = telephone number
messages-masked-messenger = messenger name
messages-general = General enquiry
messages-partnership = Trade partnership
messages-the-buyer = The buyer

## What stands in the place of contact data
messages-mark-email = [hidden e-mail address]
messages-mark-phone = [hidden telephone number]
messages-mark-messenger = [hidden messenger name]

## Refusals
messages-subject-unknown = must be something that exists, that you may see and that can be written about
messages-own = must be another company’s; nobody writes to themselves
messages-own-rfq = must be another company’s; to write to a supplier, write about its quote
messages-gone = The other company does not take part at the moment, so it cannot be written to.
messages-blocked = This company does not take messages from yours.
messages-blocking = Your company takes no messages from this one, so it could not answer. Unblock it first.
messages-exists = You have a conversation about this already.
messages-too-many = Your company has sent { $most } messages in 24 hours, which is the limit.
messages-too-many-newcomer = Your company has sent { $most } messages in 24 hours, which is the limit until it is identified.
messages-too-many-threads = Your company has begun { $most } conversations in 24 hours, which is the limit.
messages-too-many-threads-in-all = Your company has begun { $most } conversations, which is the most. Go on in one of them.
messages-too-many-threads-newcomer = Your company has begun { $most } conversations in 24 hours, which is the limit until it is identified.
messages-not-a-colleague = must be an owner or trader of your company
messages-block-own = must be another company
messages-block-unknown = must be a company that takes part
messages-block-hidden = You can block a buyer once you know its name. Until then, archive the conversation, or report a message.
messages-search-length = must be 2 to 100 characters

## The e-mail
messages-mail-subject = Conversation about “{ $title }”
messages-mail-lead = { $sender } writes:
messages-mail-attachments = { $count ->
    [one] One file is attached.
   *[other] { $count } files are attached.
}
messages-mail-from = From
messages-mail-about = About
messages-mail-action = Read and answer
messages-mail-because = Your company is in this conversation. You get no further e-mail about it until you have read it, or for 15 minutes.

## Pages
messages-title = Messages
messages-tab-open = Conversations
messages-tab-archived = Archived
messages-search = Search messages
messages-search-do = Search
messages-search-short = Search for 2 to 100 characters.
messages-none = No conversations
messages-none-hint = Write to a supplier from its page or from one of its listings. Messages to your company are shown here.
messages-nothing-found = No results for these words
messages-nothing-found-hint = Contact data is not searched. Archived conversations have a tab of their own.
messages-about = About
messages-with = Company
messages-last = Last message
messages-assigned-to = Assigned to
messages-when = When
messages-unread = unread
messages-you = You:
messages-by-us = Your company
messages-hidden-buyer = The buyer (name hidden)
messages-new-title = New message
messages-new-lead = To { $company }, about { $title }
messages-back = Back
messages-masking = Contact data that you write is hidden from the other side, and theirs from you, until a quote between you is shortlisted or accepted or a partnership is active.
messages-open = Contact data is shown to both sides.
messages-text = Message
messages-text-hint = Up to 5 000 characters.
messages-answer = Your answer
messages-attachments = Attachments
messages-send = Send message
messages-sent = Your message was sent.
messages-open-subject = Details
messages-masked-own = Hidden from the other side: { $kinds }.
messages-masked-received = Hidden from you: { $kinds }.
messages-report = Report message
messages-manage = Manage this conversation
messages-nobody = Nobody in particular
messages-assign = Assign
messages-mark-unread = Mark as unread
messages-archive = Archive
messages-unarchive = Move to conversations
messages-block = Block company
messages-block-question = Block { $name }?
messages-block-happens = Your company takes no messages from it. When it writes, it is told that your company does not take its messages, and nothing more.
messages-block-undo = You can unblock it at any time under Messages, Blocked companies.
messages-blocked-title = Blocked companies
messages-blocked-lead = Your company takes no messages from these companies. Everything else between you stays as it is.
messages-blocked-none = Your company blocks nobody.
messages-since = Blocked
messages-unblock = Unblock

## How a company answers
messages-habit = Answers { $percent }% of conversations, half of them { $within } ({ $count } latest conversations).
messages-habit-none = Has answered none of the { $count } latest conversations.
messages-within-hour = within an hour
messages-within-hours = within { $count } hours
messages-within-days = within { $count ->
    [one] a day
   *[other] { $count } days
}

## Replies by e-mail
messages-inbound-no-letter = must be an e-mail message (RFC 5322) with a From header
messages-inbound-no-address = must be the reply address of an e-mail of a conversation
messages-inbound-forged = must be pass: the mail server found that the sender is forged
messages-inbound-no-person = must be the address of the person whom the e-mail went to, who takes part in the conversation
messages-inbound-empty = must hold something that was not there before
messages-inbound-only-files = (files only)
messages-inbound-refused-files = { $count ->
    [one] (Not taken: { $names })
   *[other] (Not taken: { $names }; { $count } files in all)
}
messages-inbound-too-long = must have at most { $most } characters
messages-inbound-too-many-parts = must not have more parts, or messages within each other, than a person sends
messages-inbound-encrypted = must not be encrypted: nobody here could read it
messages-inbound-secret = The header Inbound-Secret must hold the secret of mail.inbound.
