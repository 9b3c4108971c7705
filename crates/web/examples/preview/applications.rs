//! Pages on which an application asks for something: consent, devices, signing out, the posted answer.

use web::{
    Asks, ClientMark, Computer, ConsentMemory, ConsentPage, Destination, DetailWords, DeviceAnswered, DeviceCodePage,
    DeviceConfirmPage, DeviceDonePage, DeviceProblem, FormPostPage, HiddenField, SignOutPage, scope_words,
};

use super::{Pages, SHARED, Stage, marks};

pub(super) fn pages(stage: &Stage) -> Pages {
    let mut pages = consents(stage);
    pages.extend(devices(stage));
    let site = &stage.site;
    for (name, application) in [("sign-out", "Harbour Notes"), ("sign-out-unnamed", "")] {
        let page = SignOutPage {
            site,
            application: application.into(),
            person: "Inès Moreau".into(),
            fields: vec![HiddenField::new("request", "bG9nb3V0"), HiddenField::new("csrf", "c3JmLWV4YW1wbGU")],
        };
        pages.push((name.into(), page.render()));
    }
    let page = FormPostPage {
        site,
        application: "Harbour Notes".into(),
        action: "https://notes.example.com/callback".into(),
        fields: vec![HiddenField::new("code", "Y29kZQ"), HiddenField::new("iss", "https://localhost:8400")],
    };
    pages.push(("form-post".into(), page.render()));
    pages
}

fn consents(stage: &Stage) -> Pages {
    let Stage { site, journey, .. } = stage;
    let page = || ConsentPage {
        site,
        asks: Stage::harbour_notes(),
        client: ClientMark::Registered,
        details: Vec::new(),
        scopes: ["openid", "offline_access", "notes.read"].map(scope_words).into(),
        told: Vec::new(),
        purpose: String::new(),
        resources: Vec::new(),
        person: "Inès Moreau".into(),
        destination: Destination::Host("notes.example.com".into()),
        memory: ConsentMemory::Remembered,
        journey: *journey,
        csrf: "c3JmLWV4YW1wbGU".into(),
        computer: Computer::Own,
    };
    let [_, itself, document] = marks();
    let states = [
        ("consent", page()),
        (
            "consent-told",
            ConsentPage {
                told: vec!["name".into(), "e-mail address".into()],
                purpose: "To sign your notes and to send you a copy".into(),
                resources: vec!["archive.example.com".into(), "print.example.com".into()],
                client: itself,
                ..page()
            },
        ),
        (
            "consent-payment",
            ConsentPage {
                asks: Asks::Application { name: "Dues".into(), host: "dues.example.com".into() },
                details: vec![
                    DetailWords { text: "Pay 12.50 EUR to Harbour Dues".into() },
                    DetailWords { text: "Pay 3.00 EUR to Lock Keepers' Fund".into() },
                ],
                scopes: vec![scope_words("openid")],
                memory: ConsentMemory::ThisTimeOnly,
                computer: SHARED,
                ..page()
            },
        ),
        (
            "consent-device",
            ConsentPage {
                asks: Asks::Application { name: "Depth Gauge".into(), host: String::new() },
                destination: Destination::ThisDevice,
                memory: ConsentMemory::AskedEachTime,
                client: document,
                ..page()
            },
        ),
    ];
    states.into_iter().map(|(name, page)| (name.to_owned(), page.render())).collect()
}

fn devices(stage: &Stage) -> Pages {
    let site = &stage.site;
    let mut pages = vec![("device".to_owned(), DeviceCodePage { site, typed: String::new(), problem: None }.render())];
    for problem in DeviceProblem::ALL {
        let page = DeviceCodePage { site, typed: "BCDF-GHJK".into(), problem: Some(*problem) };
        pages.push((format!("device-{problem:?}"), page.render()));
    }
    let [registered, itself, _] = marks();
    for (name, client, place, computer) in [
        ("device-confirm", registered, "Rotterdam, Netherlands", Computer::Own),
        ("device-confirm-shared", itself, "", SHARED),
    ] {
        let page = DeviceConfirmPage {
            site,
            asks: Asks::Application { name: "Wheelhouse Display".into(), host: String::new() },
            client,
            place: place.into(),
            asked: "2 minutes ago".into(),
            code: "BCDF-GHJK".into(),
            scopes: vec![scope_words("notes.read")],
            person: "Inès Moreau".into(),
            csrf: "c3JmLWV4YW1wbGU".into(),
            computer,
        };
        pages.push((name.into(), page.render()));
    }
    for (name, answer) in [("device-allowed", DeviceAnswered::Allowed), ("device-denied", DeviceAnswered::Denied)] {
        let page = DeviceDonePage { site, application: "Wheelhouse Display".into(), answer };
        pages.push((name.into(), page.render()));
    }
    pages
}
