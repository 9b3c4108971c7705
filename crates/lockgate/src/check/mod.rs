//! `lockgate demo --check`: the tour walked without a person, over real HTTP, with a software authenticator.
//!
//! Each step prints its line; the first that fails ends the walk and is named.

mod http;
mod walk;

use anyhow::Result;

use self::walk::Walk;
use crate::{demo::Addresses, exit::Exit, terminal};

/// One step; its error says what was expected and what came.
type Step = fn(&mut Walk) -> Result<()>;

/// What is walked, in order.
const STEPS: [(&str, Step); 12] = [
    ("the tour opens", Walk::open_tour),
    ("a passkey is enrolled by link", Walk::enrol),
    ("the same link is refused a second time", Walk::reuse_link),
    ("signing out ends the session", Walk::sign_out),
    ("Harbour Notes signs in with the passkey and says what it got", Walk::sign_in),
    ("its tokens are refreshed", Walk::refresh),
    ("a replayed code is refused, and its refresh token with it", Walk::replay_code),
    ("an address that is not registered is refused", Walk::wrong_redirect),
    ("the vault asks for a proof of this moment", Walk::open_vault),
    ("My account says who was told what", Walk::see_data),
    ("access that is taken away ends at once", Walk::withdraw),
    ("the tour shows every tick", Walk::see_ticks),
];

/// Walks the tour. Blocks: run it beside the servers, not on their threads.
pub(crate) fn walk(addresses: &Addresses) -> Exit {
    let mut walk = Walk::new(addresses.clone());
    for (name, step) in STEPS {
        if let Err(error) = step(&mut walk) {
            terminal::say(format_args!("FAILED  {name}"));
            terminal::complain(format_args!("lockgate: {error:#}"));
            return Exit::No;
        }
        terminal::say(format_args!("ok      {name}"));
    }
    terminal::say(format_args!("All {} steps went well.", STEPS.len()));
    Exit::Done
}
