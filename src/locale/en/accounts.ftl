### Texts of accounts: signing in and up, the account and its security, the team, API keys, and their e-mails.

## Account
accounts-copy-key-now = Copy the new API key now: it is shown only once.
accounts-you = You
accounts-name = Name
accounts-email = E-mail
accounts-to-security = Password, e-mail address and sessions
accounts-companies = Companies
accounts-switch-company = Switch to this company
accounts-verification = Verification
accounts-contact-views = Contact views
accounts-reports-and-decisions = Reports and decisions
accounts-edit-profile-of = Edit the profile of { $company }
accounts-edit-profile = Edit the company profile
accounts-certificate-files = Certificate files
accounts-contact-people = Contact people
accounts-team = Team
accounts-email-notifications = E-mail notifications
accounts-notify-matches = Send me an e-mail about RFQs that match our listings
accounts-notify-messages = Send me an e-mail about messages of other companies
accounts-notify-alerts = Send me an e-mail about what my saved searches find
accounts-save = Save
accounts-api-keys = API keys
accounts-no-keys = No API keys. A key lets your ERP publish listings, read RFQs and send quotes.
accounts-how-the-api-works = How the API works
accounts-key = Key
accounts-permissions = Permissions
accounts-created = Created
accounts-expires = Expires
accounts-last-used = Last used
accounts-never = never
accounts-revoke = Revoke
accounts-new-api-key = New API key
accounts-key-origins = Sites whose scripts may use it
accounts-key-origins-hint = One per line, like https://shop.example. Without any, no browser sends the key; server applications need none.
accounts-expires-on = Expires on
accounts-key-expires-hint = Leave it empty for a key that is valid until you revoke it.
accounts-create-api-key = Create API key

## Close
accounts-security = Security
accounts-what-will-happen = What will happen
accounts-close-user = Your name, address and password are removed, and all sessions end. Nobody can undo this.
accounts-close-work = What you did for a company stays there under the company's name: quotes, partnerships and their ledgers.
accounts-close-company = A company that has nobody else is closed: others no longer see it, and its API keys end.
accounts-current-password = Current password
accounts-delete-account = Delete account
accounts-go-back = Go back

## Forgotten password
accounts-forgotten-lead = Enter the e-mail address of your account. We will send you a link.
accounts-send-the-link = Send the link

## Invitation
accounts-join-company = Join { $company }
accounts-invited-as = { $company } invites you to Tradepost as { $role }.
accounts-join-signed-in = You are signed in as { $name }, and join with this account.
accounts-join-has-account = { $email } has an account here. Sign in; you return to this page.
accounts-sign-in = Sign in
accounts-create-account = Create your account
accounts-join-address = You will sign in with { $email }.
accounts-your-name = Your name
accounts-password = Password
accounts-password-hint = At least 12 characters; a few unrelated words make a good one.
accounts-join = Join
accounts-join-other-address = Do you have an account with another address? <a href="{ $href }">Sign in</a> and join with it.

## Members
accounts-account-and-company = Account and company
accounts-role = Role
accounts-since = Since
accounts-is-you = (you)
accounts-role-of-name = Role of { $name }
accounts-leave = Leave
accounts-remove = Remove
accounts-pending-invitations = Pending invitations
accounts-cancel = Cancel
accounts-invite-a-colleague = Invite a colleague
accounts-invite-hint = We will send a link that is valid for seven days.
accounts-send-invitation = Send invitation
accounts-only-owners-invite = Owners of the company invite colleagues and change roles.

## New password
accounts-reset-signs-out = This signs you out on all devices. Sign in again with the new password.
accounts-new-password = New password
accounts-set-password = Set password

## Second factor
accounts-recovery-codes-save = Save these codes now: they are shown only once.
accounts-recovery-codes-use = Each signs you in once if you lose your authenticator app.
accounts-two-step-lead = With an authenticator app (on your phone, or in your password manager) a stolen password alone does not sign anybody in: it also takes a code that the app shows for half a minute.
accounts-set-up = Set up
accounts-two-step-scan = Scan this with the app, or type the key into it. Then enter the code that it shows.
accounts-two-step-picture = QR code of the key below
accounts-address = Address
accounts-two-step-open = Open in an app on this device
accounts-code = Code
accounts-code-hint = Six digits.
accounts-turn-on = Turn on
accounts-two-step-is-on = Signing in takes a code of your authenticator app. You have { $count ->
    [one] { $count } recovery code
   *[other] { $count } recovery codes
} left.
accounts-recovery-codes-new = New recovery codes
accounts-recovery-codes-replace = They replace the old ones.
accounts-recovery-codes-create = Create new codes
accounts-turn-off = Turn off

## Security
accounts-sessions = Where you are signed in
accounts-device = Device
accounts-company = Company
accounts-last-active = Last active
accounts-this-device = (this device)
accounts-sign-out = Sign out
accounts-sign-out-others = Sign out all other devices
accounts-two-step = Two-step verification
accounts-security-two-step-on = On: signing in takes a code of your authenticator app.
accounts-security-two-step-change = Recovery codes, turn off
accounts-security-two-step-off = Off: your password alone signs you in.
accounts-security-two-step-set-up = Set up an authenticator app
accounts-change-password = Change password
accounts-change-password-lead = This signs out all other devices, and we notify you by e-mail.
accounts-change-email = Change e-mail
accounts-change-email-lead = Your current address is { $email }. We send a link to the new one, and notify the old one when the change takes effect.
accounts-new-email-address = New e-mail address
accounts-new-email-address-wrong = New e-mail address { $error }
accounts-recent-activity = Recent activity
accounts-no-activity = Nothing in the last 90 days.
accounts-when = When
accounts-activity = Activity
accounts-activity-latest = The latest { $count } events of the last 90 days are shown.
accounts-delete-lead = What you did for a company stays with the company.
accounts-delete-your-account = Delete your account

## Sign in
accounts-forgotten = Forgotten your password?
accounts-no-account = No account yet? <a href="/sign-up?{ $query }">Join Tradepost</a>. It is free; there is no paid rank and no paid badge.

## Sign in code
accounts-sign-in-code-hint = The six digits that your authenticator app shows now, or one of your recovery codes.

## Sign up
accounts-sign-up-lead = One account for buying and selling. Your e-mail address is never shown in public.
accounts-sign-up-email-hint = To sign in, and for notifications about RFQs and quotes.
accounts-your-company = Your company
accounts-country = Country
accounts-choose = Choose
accounts-kind-of-company = Kind of company
accounts-have-account = Already have an account? <a href="/sign-in?{ $query }">Sign in</a>.

## Unsubscribe
accounts-subscribe-again = You can subscribe again under <a href="/account">Account and company</a>.
accounts-unsubscribe = Unsubscribe

## Titles, labels and notices
accounts-scope-catalog-read = Read your listings
accounts-scope-catalog-write = Create, change, publish and withdraw listings; import catalogues
accounts-scope-rfqs-read = Read your RFQs, open RFQs of others, matches and questions
accounts-scope-rfqs-write = Post and change RFQs, ask and answer questions, dismiss matches
accounts-scope-quotes-read = Read quotes that you sent or received
accounts-scope-quotes-write = Send, revise and withdraw quotes; accept and decline them
accounts-scope-messages-read = Read messages, and which companies you block
accounts-scope-messages-write = Write messages, archive and assign conversations, block companies
accounts-scope-partnerships-read = Read partnerships, trade records and customs references
accounts-scope-partnerships-write = Propose and confirm partnerships, declare and confirm shipments
accounts-scope-documents-read = Read your documents
accounts-scope-documents-write = Upload and delete documents
accounts-scope-account-read = Read the company's account, team and API keys
accounts-scope-account-write = Change the company's account, team and API keys
accounts-scope-contacts-reveal = Show the contact details of other companies, within the quota
accounts-scope-reports-write = Report content to the moderators
accounts-scope-events-read = Read the feed of what happened to the company’s listings, RFQs, quotes and partnerships
accounts-scope-webhooks-write = Have events sent to your addresses; read what was sent
accounts-scope-alerts-read = Read your saved searches and what they would find
accounts-scope-alerts-write = Save, change and delete searches
accounts-webhooks = Webhooks
accounts-exports = Export all data
accounts-nobody-there = This company has no people yet whom it could be for.
accounts-saved-searches = Saved searches
accounts-confirmation-sent-again = We sent the e-mail again; its link is valid for an hour.
accounts-must-be-day = must be a day like 2027-01-31
accounts-delete-question = Delete your account?
accounts-join-a-company = Join a company
accounts-join-tradepost = Join Tradepost
accounts-check-your-inbox = Check your inbox
accounts-sign-up-sent = We sent an e-mail to the address that you typed. Its link confirms the address and makes your company visible.
accounts-sign-up-meanwhile = You can sign in and look around before that.
accounts-confirm-title = Confirm your e-mail address
accounts-confirm-what = This makes your company visible: others see its profile, and you can publish, quote and propose partnerships.
accounts-confirm-button = Confirm e-mail address
accounts-confirmed-title = Your e-mail address is confirmed
accounts-to-desk = Go to your desk
accounts-confirmed-what = Your company is now visible to others.
accounts-role-owner-may = owner: everything, including team and API keys
accounts-role-trader-may = trader: listings, RFQs, quotes, partnerships
accounts-role-viewer-may = viewer: reads only
accounts-invited = The invitation is on its way; its link is valid for seven days.
accounts-must-be-role = must be owner, trader or viewer
accounts-leave-question = Leave the company?
accounts-leave-company = Leave company
accounts-remove-member-question = Remove { $name } from the company?
accounts-remove-member = Remove from company
accounts-remove-member-sessions = Their sessions for the company end immediately.
accounts-remove-member-keys = API keys that they created stop working immediately.
accounts-remove-member-notified = { $name }: that they are no longer a member
accounts-choose-new-password = Choose a new password
accounts-reset-sent = If there is an account with this address, we sent an e-mail with a link to it.
accounts-reset-sent-hint = The link is valid for an hour. You can ask for three e-mails a day.
accounts-your-code = Your code
accounts-two-step-is-off = Two-step verification is off.
accounts-password-changed = Your password is changed, and all other devices are signed out.
accounts-change-email-sent = We sent an e-mail to the new address. The change takes effect when its link is used.
accounts-session-ended = The session is ended.
accounts-use-address-question = Use the new e-mail address?
accounts-use-address-what = You will sign in with this address and receive your e-mails there. The old address is notified.
accounts-use-address = Use this address
accounts-address-changed-title = Your e-mail address is changed
accounts-address-changed-what = Sign in with it from now on.
accounts-to-account = Go to your account
accounts-password-set = Your new password is set. Sign in with it.
accounts-joined-company = You have joined the company. Sign in with your new password.
accounts-unsubscribe-question = Unsubscribe from these e-mails?
accounts-unsubscribed = You are unsubscribed
accounts-unsubscribed-what = This takes effect immediately.

## E-mails

## Errors
accounts-is-not-right = is not right
accounts-must-be-email = must be an e-mail address like anna@example.com
accounts-enough-today = You have reached today's limit; try again tomorrow.
accounts-address-unusable = The address cannot be used for this account.
accounts-invitations-quota = A company sends at most { $most } invitations a day.
accounts-invitation-ended = This invitation was accepted already, cancelled, or is older than a week. Ask the company for another one.
accounts-confirmed-already = Your e-mail address is confirmed.
accounts-confirmation-quota = We sent you several e-mails today. Look into the folder for unwanted mail, or try again tomorrow.
accounts-link-ended = This link was used already, is older than an hour, or a newer one took its place. Ask for another e-mail.
accounts-key-makes-no-owner = An API key makes nobody an owner; a signed-in owner does that on the site.
accounts-operator-only = Only the operator may do this.
accounts-must-be-user-name = must be a name of 1 to 120 characters
accounts-key-lacks-scope = A key cannot give the scope { $scope }, which it lacks itself.
accounts-must-be-key-name = must be a name of 1 to 100 characters
accounts-must-name-scope = must name at least one scope
accounts-must-be-in-future = must be in the future
accounts-stream-not-refusable = transactional mail cannot be refused
accounts-authenticator-exists = Your account has an authenticator already. Turn it off first.
accounts-authenticator-not-waiting = No authenticator is waiting for a code.
accounts-code-not-current = is not the one that your app shows now
accounts-authenticator-missing = Your account has no authenticator.
accounts-authenticator-unreadable = The codes of your authenticator cannot be checked at the moment. Sign in with a recovery code.
accounts-code-too-late = That took too long. Sign in with your password again.
accounts-code-wrong = The code is not right, or was used already.
accounts-credentials-wrong = The e-mail address or the password is not right.
accounts-no-company = This account belongs to no company.
accounts-origins-most = must be at most { $most } origins
accounts-must-be-origin = must be an origin as browsers send it, like https://shop.example or http://localhost:3000
accounts-origin-twice = must not be listed twice
accounts-key-invalid = The API key is unknown, expired or revoked.
accounts-member-already = This person is a member of the company already.
accounts-address-has-account = There is an account with this e-mail address already.
accounts-too-many-attempts = Too many attempts. Try again in { $seconds } s.

## Roles
accounts-role-owner = owner
accounts-role-trader = trader
accounts-role-viewer = viewer

## Recent activity
accounts-event-signed_up = signed up
accounts-event-email_confirmed = e-mail address confirmed
accounts-event-signed_in = signed in
accounts-event-sign_in_failed = sign-in failed
accounts-event-signed_out = signed out
accounts-event-reset_asked = password reset requested
accounts-event-password_reset = password reset
accounts-event-password_changed = password changed
accounts-event-email_changed = e-mail address changed
accounts-event-second_factor_on = two-step verification turned on
accounts-event-second_factor_off = two-step verification turned off
accounts-event-recovery_codes_made = new recovery codes created
accounts-event-recovery_code_used = recovery code used
accounts-event-sessions_ended = sessions ended
accounts-event-key_made = API key created
accounts-event-key_revoked = API key revoked
accounts-event-invited = colleague invited
accounts-event-invitation_revoked = invitation cancelled
accounts-event-joined = joined a company
accounts-event-role_changed = member's role changed
accounts-event-member_removed = member removed
accounts-event-refused = request refused
accounts-event-closed = account deleted
accounts-event-export_asked = data export requested
accounts-event-export_taken = data export downloaded

## E-mails
accounts-mail-because = This is a service message about your account.
accounts-mail-not-you = If it was not you, do nothing: without this link nothing happens. The link is valid for an hour and works once.
accounts-mail-not-you-password = If it was not you, choose a new password immediately.
accounts-mail-confirm = Welcome to Tradepost. Confirm that this is your e-mail address to make your company visible.
accounts-mail-exists-subject = You already have an account
accounts-mail-exists = Somebody tried to join Tradepost with this e-mail address, which already has an account.
accounts-mail-exists-next = If it was you, sign in as usual, or choose a new password with this link.
accounts-mail-reset = Somebody asked for a new password for the account of this e-mail address.
accounts-mail-password-changed-subject = Your password was changed
accounts-mail-password-changed = The password of your account at Tradepost was changed a moment ago, and all other sessions were ended.
accounts-mail-new-address-subject = Confirm your new e-mail address
accounts-mail-new-address = Somebody wants to use this e-mail address for their account at Tradepost.
accounts-mail-address-taken-subject = Your e-mail address already has an account
accounts-mail-address-taken = Somebody tried to use this e-mail address for another account at Tradepost. It belongs to yours, so nothing was changed.
accounts-mail-address-taken-next = If it was you, sign in with this address, or use another one for the other account.
accounts-mail-address-changed-subject = Your e-mail address was changed
accounts-mail-address-changed = Your account at Tradepost now has another e-mail address; this one is no longer used.
accounts-mail-address-changed-next = If it was not you, somebody knows your password. Tell the operator of the site immediately.
accounts-mail-invitation-because = You receive this e-mail because an owner of the company entered your address.
accounts-mail-invitation-subject = You are invited to a company at Tradepost
accounts-mail-invitation = You are invited to trade for a company at Tradepost. The link is valid for seven days and works once.
accounts-mail-invitation-join = Join the company
accounts-mail-role-subject = Your role was changed
accounts-mail-role = An owner of the company has given you another role.
accounts-mail-removed-subject = You no longer belong to a company
accounts-mail-removed = You are no longer a member of this company.
accounts-mail-two-step-on-subject = Two-step verification is on
accounts-mail-two-step-on = Signing in to your account at Tradepost now takes a code of your authenticator app.
accounts-mail-to-security = Security of your account
accounts-mail-two-step-off-subject = Two-step verification is off
accounts-mail-two-step-off = Signing in to your account at Tradepost now takes the password alone.
accounts-mail-recovery-subject = A recovery code was used
accounts-mail-recovery = Somebody signed in to your account at Tradepost with a recovery code instead of the authenticator app.
accounts-mail-deleted-subject = Your account was deleted
accounts-mail-deleted = Your account at Tradepost was deleted. Your name, address and password have been removed from it.
accounts-mail-deleted-next = If it was not you, somebody knew your password. Tell the operator of the site.

## Taking a member out
accounts-remove-keep-keys = Keep the API keys that they created: they become yours. Whoever knows their secret can still use them.

## Two-step verification
accounts-no-second-factor = This account has no second factor.

## Invitations
accounts-invited-often = This address was sent enough invitations for today; try again tomorrow.

## The command line
accounts-new-company-needs-country = There is no company of this name. To make one, name its country: --country NL.

## API keys
accounts-key-password-hint = You signed in more than ten minutes ago.
accounts-key-too-many = A company has at most { $most } valid API keys. Revoke one that you no longer use.

## Notifications
accounts-notifications = Notifications
accounts-notifications-all = All
accounts-notifications-kinds = Kinds of notifications
accounts-notifications-only-unread = Show unread only
accounts-notifications-show-all = Show all
accounts-notifications-mark-all = Mark all as read
accounts-notifications-mark = Mark as read
accounts-notifications-unread = Unread
accounts-notifications-what = Notification
accounts-notifications-kind = Kind
accounts-notifications-when = When
accounts-notifications-none = No notifications
accounts-notifications-none-hint = Matches, quotes, messages and results of your saved searches are listed here for 90 days.
accounts-read-what = Give ids, or all
accounts-read-many = has at most 100 ids
