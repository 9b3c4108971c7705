//! Every endpoint appears in the ledger, and does what the ledger says when somebody without credentials calls it.

use http::{Request, StatusCode, header};

use crate::world::{ISSUER, World};

/// Routes that anyone may call. May only go down: a new one must replace one, or bring its reason here. The second milestone brought six:
/// the published metadata of userinfo (RFC 9728), the preflight of revocation (RFC 10017), signing out at a client's wish, which three
/// addresses take (it comes from elsewhere, asks first, and touches the caller's own session only), and the empty page that marks a shared
/// computer.
const PUBLIC_MAX: usize = 25;

#[test]
fn the_ledger_is_the_one_people_read() {
    let committed = include_str!("ledger.txt");
    assert_eq!(server::ledger(), committed, "review the change, then copy it into tests/it/ledger.txt");
}

#[test]
fn public_routes_do_not_grow() {
    let public = server::ledger().lines().filter(|line| line.contains(" public: ")).count();
    assert!(public <= PUBLIC_MAX, "{public} public routes");
}

#[tokio::test]
async fn nothing_but_public_routes_answers_a_stranger() {
    let world = World::new();
    for line in server::ledger().lines().filter(|line| !line.contains("(demonstration only)")) {
        let mut words = line.split_whitespace();
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        let access = words.next().unwrap();
        let path = path.replace("{id}", "0192f3a0-0000-7000-8000-000000000000").replace("{hash}/{name}", "0/none.css");
        let request = Request::builder()
            .method(method)
            .uri(&path)
            .header(header::ORIGIN, ISSUER)
            .header(
                header::CONTENT_TYPE,
                if path.starts_with("/api/") { "application/json" } else { "application/x-www-form-urlencoded" },
            )
            .body("{}".to_owned().into())
            .unwrap();
        let answer = world.send(request).await;
        let refused = match access {
            "pass" => answer.status == StatusCode::UNAUTHORIZED,
            "session" => {
                answer.status == StatusCode::UNAUTHORIZED
                    || answer.location().starts_with("/sign-in")
                    || answer.status == StatusCode::BAD_REQUEST
            }
            "journey" => answer.status == StatusCode::BAD_REQUEST || answer.status == StatusCode::GONE,
            "operator's" => answer.status == StatusCode::BAD_REQUEST,
            "client" => matches!(answer.status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED),
            "bearer" => {
                answer.status == StatusCode::UNAUTHORIZED && answer.headers.contains_key(header::WWW_AUTHENTICATE)
            }
            _ => answer.status.as_u16() < 500,
        };
        assert!(refused, "{line}: {} {}", answer.status, answer.text());
        assert!(answer.status.as_u16() < 500, "{line}: {}", answer.status);
    }
}
