//! Faults of the body, byte by byte.

use std::io::Read as _;
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use understudy::Stage;
use understudy::scenarios::{EncodingFault, FaultKind, ItemFault, Padding, Server, SlowBody, Truncation, World};

use crate::raw::{Answer, Raw, ask, fault, get, list, on_list, parted, played, stage, token};

async fn spoilt(does: FaultKind) -> (Answer, Answer, Vec<String>) {
    let stage = stage().await;
    let good = list(&stage).await;
    let _fault = stage.fault(on_list(does)).unwrap();
    let bad = list(&stage).await;
    let played = played(&stage, "/v1/apis");
    (good, bad, played)
}

#[tokio::test]
async fn a_slow_body_comes_in_pieces_with_pauses() {
    let stage = stage().await;
    let token = token(&stage).await;
    let pace = SlowBody { bytes: 100, every: jiff::SignedDuration::from_millis(5).into() };
    let _fault = stage.fault(on_list(FaultKind::SlowBody(pace))).unwrap();
    let mut connection = Raw::connect(&stage, Server::Portal).await;
    let started = Instant::now();
    connection.send(&get("/v1/apis", &token)).await;
    let first = connection.read_once().await;
    let answer = parted(&first);
    let (length, mut body, mut reads) = (answer.length(), answer.body, 1);
    assert!(body.len() < length, "the first read does not bring all");
    while body.len() < length {
        let piece = connection.read_once().await;
        assert!(!piece.is_empty());
        body.extend(piece);
        reads += 1;
    }
    let pauses = u32::try_from(length.div_ceil(100) - 1).unwrap();
    assert!(pauses > 3 && reads > 3, "{length} bytes in {reads} reads");
    assert!(started.elapsed() >= Duration::from_millis(5) * pauses);
    assert!(serde_json::from_slice::<serde_json::Value>(&body).is_ok());
}

#[tokio::test]
async fn a_truncated_body_ends_before_its_promised_length() {
    let stage = stage().await;
    let token = token(&stage).await;
    for after in [0, 1, 57] {
        let _fault = stage.fault(on_list(FaultKind::Truncate(Truncation { after }))).unwrap();
        let mut connection = Raw::connect(&stage, Server::Portal).await;
        connection.send(&get("/v1/apis", &token)).await;
        let answer = parted(&connection.until_end().await.unwrap());
        assert_eq!((answer.status(), answer.body.len()), (200, usize::try_from(after).unwrap()));
        assert!(answer.length() > 100);
    }
    assert_eq!(played(&stage, "/v1/apis"), ["truncate"]);
}

#[tokio::test]
async fn what_is_sent_of_a_large_body_that_is_cut_all_arrives() {
    let stage = stage().await;
    let token = token(&stage).await;
    let (bytes, after) = (20_000_000, 19_000_000);
    let _pad = stage.fault(on_list(FaultKind::Pad(Padding { bytes }))).unwrap();
    let _cut = stage.fault(on_list(FaultKind::Truncate(Truncation { after }))).unwrap();
    let mut connection = Raw::connect(&stage, Server::Portal).await;
    connection.send(&get("/v1/apis", &token)).await;
    let answer = parted(&connection.until_end().await.unwrap());
    assert_eq!((answer.length() as u64, answer.body.len() as u64), (bytes, after));
}

#[tokio::test]
async fn a_body_not_as_long_as_the_cut_is_whole_and_nothing_is_claimed() {
    let (good, bad, played) = spoilt(FaultKind::Truncate(Truncation { after: 1_000_000 })).await;
    assert_eq!(good.body, bad.body);
    assert!(played.is_empty());
}

#[tokio::test]
async fn a_body_is_spoilt_for_a_caller_that_already_has_it_too() {
    let stage = stage().await;
    let token = token(&stage).await;
    let known = list(&stage).await.header("etag").unwrap().to_owned();
    let request = format!(
        "GET /v1/apis HTTP/1.1\r\nHost: portal\r\nConnection: close\r\nIf-None-Match: {known}\r\n\
         Authorization: Bearer {token}\r\n\r\n"
    );
    let again = async || {
        let mut connection = Raw::connect(&stage, Server::Portal).await;
        connection.send(&request).await;
        parted(&connection.until_end().await.unwrap())
    };
    assert_eq!(again().await.status(), 304);
    let _fault = stage.fault(on_list(FaultKind::MalformedJson)).unwrap();
    let bad = again().await;
    assert_eq!(bad.status(), 200);
    assert!(serde_json::from_slice::<serde_json::Value>(&bad.body).is_err());
}

#[tokio::test]
async fn a_body_is_said_to_be_something_else() {
    let (good, bad, played) = spoilt(FaultKind::ContentType("text/plain".to_owned())).await;
    assert_eq!(
        (good.header("content-type"), bad.header("content-type")),
        (Some("application/json"), Some("text/plain"))
    );
    assert_eq!((good.body, played), (bad.body, vec!["content-type".to_owned()]));
}

/// The list for who can unpack what this says.
async fn list_in(stage: &Stage, accepted: &str) -> Answer {
    let token = token(stage).await;
    let request = get("/v1/apis", &token).replace("\r\n\r\n", &format!("\r\nAccept-Encoding: {accepted}\r\n\r\n"));
    ask(stage, Server::Portal, &request).await
}

#[tokio::test]
async fn a_body_is_packed_for_who_can_unpack_it() {
    let stage = stage().await;
    let good = list(&stage).await;
    let _fault = stage.fault(on_list(FaultKind::ContentEncoding(EncodingFault::Gzip))).unwrap();
    for accepted in ["gzip, deflate", "br, GZIP;q=0.5", "*"] {
        let bad = list_in(&stage, accepted).await;
        assert_eq!((bad.header("content-encoding"), bad.header("etag")), (Some("gzip"), None), "{accepted}");
        assert_eq!(bad.length(), bad.body.len());
        let mut unpacked = Vec::new();
        GzDecoder::new(&*bad.body).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, good.body);
    }
    for accepted in ["br", "gzip;q=0, br", "identity"] {
        let plain = list_in(&stage, accepted).await;
        assert_eq!((plain.header("content-encoding"), &plain.body), (None, &good.body), "{accepted}");
    }
    assert_eq!(list(&stage).await.body, good.body);
}

#[tokio::test]
async fn a_body_is_said_to_be_packed() {
    let (good, bad, played) = spoilt(FaultKind::ContentEncoding(EncodingFault::GzipInName)).await;
    assert_eq!((good.header("content-encoding"), bad.header("content-encoding")), (None, Some("gzip")));
    assert_eq!((good.body, played), (bad.body, vec!["content-encoding".to_owned()]));
}

#[tokio::test]
async fn malformed_json_is_all_there_but_for_a_mistake() {
    let (good, bad, _) = spoilt(FaultKind::MalformedJson).await;
    assert_eq!(bad.status(), 200);
    assert_eq!(bad.body.len(), good.body.len() + 1);
    assert_eq!(bad.length(), bad.body.len());
    assert!(serde_json::from_slice::<serde_json::Value>(&bad.body).is_err());
    assert_eq!(bad.body[..good.body.len() / 2], good.body[..good.body.len() / 2]);
    assert!(good.header("etag").is_some() && bad.header("etag").is_none());
}

#[tokio::test]
async fn an_empty_body_is_of_length_zero_with_status_200() {
    let (_, bad, _) = spoilt(FaultKind::EmptyBody).await;
    assert_eq!((bad.status(), bad.length(), bad.header("content-type")), (200, 0, Some("application/json")));
}

#[tokio::test]
async fn a_list_begins_with_null() {
    let (good, bad, _) = spoilt(FaultKind::NullInList).await;
    let (good, bad) = (good.json(), bad.json());
    assert!(bad[0].is_null());
    assert_eq!(bad.as_array().unwrap()[1..], good.as_array().unwrap()[..]);
}

#[tokio::test]
async fn an_object_has_no_first_item_and_stays_as_it_is() {
    let stage = stage().await;
    let token = token(&stage).await;
    let request = get("/v1/apis/petstore-v1/schema", &token);
    let good = ask(&stage, Server::Portal, &request).await;
    let _fault = stage.fault(fault("{does: null-in-list}")).unwrap();
    let same = ask(&stage, Server::Portal, &request).await;
    assert_eq!((good.status(), good.body, good.head), (200, same.body, same.head));
    assert!(played(&stage, "/v1/apis/petstore-v1/schema").is_empty());
}

#[tokio::test]
async fn an_answer_without_a_body_passes_all_of_them() {
    let stage = stage().await;
    for does in [
        "null-in-list",
        "malformed-json",
        "empty-body",
        "{items: duplicate}",
        "{pad: {bytes: 9000}}",
        "{truncate: {after: 0}}",
        "{slow-body: {bytes: 1, every: 1ms}}",
    ] {
        let _ = stage.faults().inject(fault(&format!("{{does: {does}}}"))).unwrap();
    }
    let mut connection = Raw::connect(&stage, Server::Portal).await;
    let preflight = "OPTIONS /v1/apis HTTP/1.1\r\nHost: portal\r\nConnection: close\r\nOrigin: http://localhost:3000\r\n\
                     Access-Control-Request-Method: GET\r\n\r\n";
    connection.send(preflight).await;
    let answer = parted(&connection.until_end().await.unwrap());
    assert_eq!((answer.status(), answer.body.len(), answer.header("content-length")), (200, 0, Some("0")));
    assert!(played(&stage, "/v1/apis").is_empty());
}

#[tokio::test]
async fn items_are_doubled_cut_short_and_left_out() {
    let count = |answer: &Answer| answer.json().as_array().unwrap().len();
    let (good, bad, _) = spoilt(FaultKind::Items(ItemFault::Duplicate)).await;
    assert_eq!((count(&good), count(&bad)), (2, 4));
    assert_eq!(bad.json()[0], bad.json()[1]);
    let (good, bad, _) = spoilt(FaultKind::Items(ItemFault::First(1))).await;
    assert_eq!((count(&bad), &bad.json()[0]), (1, &good.json()[0]));
    let (_, bad, _) = spoilt(FaultKind::Items(ItemFault::None)).await;
    assert_eq!(bad.text(), "[]");
}

#[tokio::test]
async fn stale_items_are_those_of_before_the_world_last_changed() {
    let stage = stage().await;
    let before = list(&stage).await;
    stage.world().edit(|world| {
        let mut world = World::clone(world);
        world.portal.products.truncate(1);
        world
    });
    let now = list(&stage).await;
    let stale = stage.fault(fault("{server: portal, does: {items: stale}}")).unwrap();
    assert_eq!(list(&stage).await.body, before.body);
    assert_eq!(played(&stage, "/v1/apis"), ["items"]);
    // A document is no list: the one that is gone is gone.
    let gone = get("/v1/apis/tracks-v1/schema", &token(&stage).await);
    assert_eq!(ask(&stage, Server::Portal, &gone).await.status(), 404);
    // Whoever has no token gets no list, stale or not.
    assert_eq!(ask(&stage, Server::Portal, &get("/v1/apis", "x")).await.status(), 401);
    drop(stale);
    assert_eq!(list(&stage).await.body, now.body);
}

#[tokio::test]
async fn a_world_that_never_changed_has_nothing_stale() {
    let (good, same, played) = spoilt(FaultKind::Items(ItemFault::Stale)).await;
    assert_eq!(good.body, same.body);
    assert!(played.is_empty());
}

#[tokio::test]
async fn an_object_grows_to_a_size_and_stays_json() {
    let bytes = 3_000_000;
    let (good, bad, _) = spoilt(FaultKind::Pad(Padding { bytes })).await;
    assert_eq!((bad.body.len() as u64, bad.length() as u64), (bytes, bytes));
    let (mut padded, good) = (bad.json(), good.json());
    let padding = padded[0].as_object_mut().unwrap().remove("x-padding").unwrap();
    assert!(padding.as_str().unwrap().len() > 2_000_000);
    assert_eq!(padded, good);
}
