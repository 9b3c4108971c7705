use model::Timestamp;

use super::*;

const BOUNDS: Bounds = Bounds { bytes_max: 200, depth_max: 3 };

fn refusal(text: &str) -> Option<BadJson> {
    parse_object(text.as_bytes(), BOUNDS).err()
}

fn claims(text: &str) -> Claims {
    Claims::parse(text.as_bytes()).unwrap()
}

#[test]
fn every_kind_of_value_is_read() {
    let object =
        parse_object(br#" {"n":null,"t":true,"i":-7,"f":1.5,"s":"\u00e9\"","a":[1,"b"],"o":{"x":{}}} "#, BOUNDS)
            .unwrap();
    assert_eq!(object.get("n"), Some(&Value::Null));
    assert_eq!(object.get("t"), Some(&Value::Bool(true)));
    assert_eq!(object.get("i"), Some(&Value::Integer(-7)));
    assert_eq!(object.get("f"), Some(&Value::Float(1.5)));
    assert_eq!(object.get("s").and_then(Value::as_text), Some("é\""));
    assert_eq!(object.get("a"), Some(&Value::Array(vec![Value::Integer(1), Value::Text("b".into())])));
    assert!(object.get("o").and_then(Value::as_object).is_some_and(|inner| inner.has("x")));
    assert_eq!(object.names().collect::<String>(), "afinost");
    assert_eq!((object.len(), object.is_empty(), object.iter().count()), (7, false, 7));
}

#[test]
fn numbers_past_an_integer_keep_their_size() {
    let object = parse_object(br#"{"a":9223372036854775807,"b":9223372036854775808,"c":1e3,"d":1e300}"#, BOUNDS);
    let object = object.unwrap();
    assert_eq!(object.get("a"), Some(&Value::Integer(i64::MAX)));
    assert_eq!(object.get("b"), Some(&Value::Float(9_223_372_036_854_775_808.0)));
    assert_eq!(object.get("c"), Some(&Value::Float(1000.0)));
    assert_eq!(object.get("d"), Some(&Value::Float(1e300)));
    assert_eq!(refusal(r#"{"a":1e400}"#), Some(BadJson::NotAnObject));
}

#[test]
fn a_name_that_stands_twice_is_refused_at_every_depth_and_in_every_spelling() {
    for text in [
        r#"{"alg":"ES256","alg":"ES256"}"#,
        r#"{"alg":"ES256","\u0061lg":"none"}"#,
        r#"{"a":{"b":1,"c":2,"b":1}}"#,
        r#"{"a":[{"b":1,"b":1}]}"#,
        r#"{"a":1,"a":null}"#,
    ] {
        assert_eq!(refusal(text), Some(BadJson::Duplicate), "{text}");
    }
    assert_eq!(refusal(r#"{"a":1,"A":1,"b":{"a":1}}"#), None);
}

#[test]
fn nesting_is_bounded() {
    for (text, deep) in [
        (r#"{"a":{"b":{}}}"#, false),
        (r#"{"a":[[]]}"#, false),
        (r#"{"a":{"b":{"c":{}}}}"#, true),
        (r#"{"a":[[[]]]}"#, true),
    ] {
        assert_eq!(refusal(text), deep.then_some(BadJson::TooDeep), "{text}");
    }
    let hostile = format!(r#"{{"a":{}"#, "[".repeat(100_000));
    let bounds = Bounds { bytes_max: usize::MAX, depth_max: 8 };
    assert_eq!(parse_object(hostile.as_bytes(), bounds).err(), Some(BadJson::TooDeep));
    // A bound beyond the library's own still ends in a refusal.
    let bounds = Bounds { bytes_max: usize::MAX, depth_max: usize::MAX };
    assert_eq!(parse_object(hostile.as_bytes(), bounds).err(), Some(BadJson::NotAnObject));
}

#[test]
fn length_is_bounded_to_the_byte() {
    let fits = format!(r#"{{"a":"{}"}}"#, "x".repeat(200 - 8));
    assert_eq!((fits.len(), refusal(&fits)), (200, None));
    assert_eq!(refusal(&format!("{fits} ")), Some(BadJson::TooLong));
}

#[test]
fn anything_but_one_object_is_refused() {
    for text in [
        "",
        " ",
        "[]",
        "null",
        "7",
        r#""{}""#,
        "{}{}",
        "{} x",
        "{",
        "{a:1}",
        "{'a':1}",
        r#"{"a":1,}"#,
        r#"{"a":01}"#,
        r#"{"a":NaN}"#,
        r#"{"a":1 /* */}"#,
        "{\"a\":\"\n\"}",
        r#"{"a":"\ud800"}"#,
        "\u{feff}{}",
    ] {
        assert_eq!(refusal(text), Some(BadJson::NotAnObject), "{text:?}");
    }
    assert_eq!(parse_object(b"{\"a\":\"\xff\"}", BOUNDS).err(), Some(BadJson::NotAnObject));
    assert_eq!(parse_object(b"{\"\xc3\x28\":1}", BOUNDS).err(), Some(BadJson::NotAnObject));
}

#[test]
fn claims_have_types() {
    let read = claims(
        r#"{"iss":"joe","aud":"a","auds":["a","b"],"exp":1300819380,"iat":1300819380.9876,"max_age":0,"ok":false,
            "cnf":{"jkt":"x"},"nil":null,"none":[],"mixed":["a",1]}"#,
    );
    assert_eq!(read.text("iss"), Ok(Some("joe")));
    assert_eq!(read.one_or_more("aud"), Ok(Some(vec!["a"])));
    assert_eq!(read.one_or_more("auds"), Ok(Some(vec!["a", "b"])));
    assert_eq!(read.texts("auds"), Ok(Some(vec!["a", "b"])));
    assert_eq!(read.texts("none"), Ok(Some(vec![])));
    assert_eq!(read.time("exp"), Ok(Some(Timestamp::from_seconds(1_300_819_380))));
    assert_eq!(read.time("iat"), Ok(Some(Timestamp::from_millis(1_300_819_380_988))));
    assert_eq!(read.integer("max_age"), Ok(Some(0)));
    assert_eq!(read.boolean("ok"), Ok(Some(false)));
    assert_eq!(read.member("cnf").unwrap().unwrap().get("jkt").and_then(Value::as_text), Some("x"));
    assert_eq!(read.text("sub"), Ok(None));
    assert_eq!(read.object().len(), 11);

    assert_eq!(read.text("exp"), Err(BadClaim("exp")));
    assert_eq!(read.text("nil"), Err(BadClaim("nil")));
    assert_eq!(read.texts("aud"), Err(BadClaim("aud")));
    assert_eq!(read.texts("mixed"), Err(BadClaim("mixed")));
    assert_eq!(read.one_or_more("none"), Err(BadClaim("none")));
    assert_eq!(read.one_or_more("mixed"), Err(BadClaim("mixed")));
    assert_eq!(read.one_or_more("exp"), Err(BadClaim("exp")));
    assert_eq!(read.time("iss"), Err(BadClaim("iss")));
    assert_eq!(read.integer("iat"), Err(BadClaim("iat")));
    assert_eq!(read.boolean("max_age"), Err(BadClaim("max_age")));
    assert_eq!(read.member("auds"), Err(BadClaim("auds")));
}

#[test]
fn a_time_out_of_range_is_no_time() {
    for (text, good) in [
        ("0", true),
        ("253402300799", true),
        ("1e9", true),
        ("-1", false),
        ("-0.5", false),
        ("253402300800", false),
        ("9223372036854775807", false),
        ("1e300", false),
        ("\"0\"", false),
    ] {
        assert_eq!(claims(&format!(r#"{{"exp":{text}}}"#)).time("exp").is_ok(), good, "{text}");
    }
}

#[test]
fn claims_are_bounded() {
    let fits = format!("{{{}\"a\":{}{}}}", " ".repeat(100), "[".repeat(7), "]".repeat(7));
    assert!(Claims::parse(fits.as_bytes()).is_ok());
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(8), "]".repeat(8));
    assert_eq!(Claims::parse(deep.as_bytes()), Err(BadJson::TooDeep));
    let long = format!("{{{}}}", " ".repeat(CLAIMS_BYTES_MAX - 1));
    assert_eq!(Claims::parse(long.as_bytes()), Err(BadJson::TooLong));
    assert_eq!(Claims::parse(br#"{"sub":"a","sub":"b"}"#), Err(BadJson::Duplicate));
}

#[test]
fn nothing_of_the_content_is_printed() {
    let read = claims(r#"{"email":"ada@example.com","n":42,"f":4.2,"a":["ada"],"o":{"b":true},"z":null}"#);
    let printed = format!("{read:?} {:?}", read.object().iter().collect::<Vec<_>>());
    assert!(!printed.contains("example") && !printed.contains('4') && !printed.contains("true"), "{printed}");
}

#[test]
fn a_quoted_text_reads_back() {
    let hostile = "a\"\\\n\u{0}é</script>";
    let object = parse_object(format!("{{\"k\":{}}}", quoted(hostile)).as_bytes(), BOUNDS).unwrap();
    assert_eq!(object.get("k").and_then(Value::as_text), Some(hostile));
}
