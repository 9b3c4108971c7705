//! `--map`: what the person who scans knows and the files don't say, as TOML.
//!
//! ```toml
//! [[environment]]            # files under this path belong to one environment
//! path = "exports/prod"
//! name = "production"
//! issuer = "https://login.example.com/realms/staff"   # may be left out
//!
//! [[client]]                 # one client, by its id, its name or what the file calls it
//! client = "keycloak_openid_client.rota"
//! path = "terraform"         # may be left out
//! id = "rota"                # may be left out
//! owner = "Team Timetable"   # may be left out
//! ```

use cutover::{ClientHint, EnvironmentHint, Hints};
use serde::Deserialize;

/// Longest map, in bytes.
pub const MAP_BYTES_MAX: u64 = 4 * 1024 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Map {
    #[serde(default)]
    environment: Vec<Environment>,
    #[serde(default)]
    client: Vec<Client>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Environment {
    path: String,
    name: String,
    issuer: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Client {
    client: String,
    path: Option<String>,
    id: Option<String>,
    owner: Option<String>,
}

/// Reads a map.
///
/// # Errors
/// When it is no TOML, or holds a member that does not exist; the message names the line.
pub fn hints(text: &str) -> Result<Hints, toml::de::Error> {
    let Map { environment, client } = toml::from_str(text)?;
    Ok(Hints {
        environments: environment
            .into_iter()
            .map(|Environment { path, name, issuer }| EnvironmentHint { path, name, issuer })
            .collect(),
        clients: client
            .into_iter()
            .map(|Client { client, path, id, owner }| ClientHint { path, client, id, owner })
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::hints;

    #[test]
    fn a_map_is_read_and_a_slip_is_named() {
        let read = hints("[[environment]]\npath='prod'\nname='p'\n[[client]]\nclient='a'\nid='b'").unwrap();
        assert_eq!((read.environments[0].name.as_str(), read.clients[0].id.as_deref()), ("p", Some("b")));
        assert!(hints("[[client]]\nclent='a'").unwrap_err().to_string().contains("clent"));
    }
}
