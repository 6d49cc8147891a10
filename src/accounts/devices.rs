//! Devices and networks that somebody signed in from: their attempts at a password are counted apart from those of strangers, so that
//! no stranger's wrong passwords keep the owner out.
//!
//! A device is told by a signed cookie with a random name and the users who signed in there; a network by a tag that nobody can
//! compute without the secret key. Both only choose where an attempt is counted: they open nothing.

use super::rules;
use super::store;
use crate::app::App;
use crate::error::Result;
use crate::ids::UserId;
use crate::secrets::{Purpose, random_token};
use crate::store::Tx;

/// Where a sign-in comes from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// What the browser calls itself.
    pub user_agent: String,
    /// The network that attempts are counted for.
    pub network: String,
    /// The device, where somebody signed in with it before.
    pub device: Option<KnownDevice>,
}

/// A browser that somebody signed in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownDevice {
    name: String,
    /// In seconds since 1970.
    until_s: i64,
    /// Who signed in there, the last one first.
    users: Vec<UserId>,
}

impl KnownDevice {
    /// The device of a cookie, if it is one of ours and not too old.
    pub fn read(app: &App, signed: &str) -> Option<Self> {
        let text = String::from_utf8(app.secrets.verify(Purpose::Device, signed)?).ok()?;
        let mut parts = text.split(' ');
        let (name, until_s) = (parts.next()?.to_owned(), parts.next()?.parse().ok()?);
        let users: Vec<UserId> = parts.map(|user| user.parse().ok()).collect::<Option<_>>()?;
        (app.clock.now().timestamp() < until_s).then_some(Self { name, until_s, users })
    }

    /// The same device, or a new one, after the user has shown there who they are.
    pub fn with_user(known: Option<&Self>, app: &App, user: UserId) -> Self {
        let before = known.map_or(&[] as &[UserId], |device| &device.users);
        let others = before.iter().copied().filter(|other| *other != user);
        Self {
            name: known.map_or_else(random_token, |device| device.name.clone()),
            until_s: (app.clock.now() + rules::DEVICE_TTL).timestamp(),
            users: std::iter::once(user).chain(others).take(rules::MOST_USERS_OF_DEVICE).collect(),
        }
    }

    /// The value of its cookie.
    pub fn sign(&self, app: &App) -> String {
        let users = self.users.iter().map(|user| format!(" {user}")).collect::<String>();
        app.secrets.sign(Purpose::Device, format!("{} {}{users}", self.name, self.until_s).as_bytes())
    }

    /// Who signed in there.
    pub(super) fn users(&self) -> &[UserId] {
        &self.users
    }

    /// The name of the device, if the user signed in there.
    pub(super) fn name_for(&self, user: UserId) -> Option<&str> {
        self.users.contains(&user).then_some(self.name.as_str())
    }
}

/// The tag of a network for one user: two users of one network cannot be found by it.
pub(super) fn network_tag(app: &App, user: UserId, network: &str) -> String {
    app.secrets.tag(Purpose::Device, &format!("{user} {network}"))
}

/// Remembers that the user signed in from the network.
pub(super) fn remember_network(app: &App, tx: &mut Tx, user: UserId, network: &str) -> Result<()> {
    store::put_network(tx, user, &network_tag(app, user, network))?;
    store::delete_older_networks(tx, user, rules::MOST_NETWORKS_OF_USER)
}

/// Forgets the networks of sign-ins long ago; answers how many.
pub fn purge(app: &App) -> Result<usize> {
    app.db.write(|tx| {
        let before = tx.now() - rules::NETWORK_RETENTION;
        store::purge_networks(tx, before)
    })
}
