### Texts of the event feed and of webhooks.

events-gone = This event is older than 30 days, and those after it may be gone, too. Read the resources themselves, then go on from “latest”.
events-unknown = must be the id of an event of your company’s feed
events-wait = must be 0 to { $most } seconds
