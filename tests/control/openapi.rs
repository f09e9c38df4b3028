//! The OpenAPI document.

use insta::assert_snapshot;
use serde_json::Value;
use understudy::control::openapi;

use crate::stand::Stand;

#[tokio::test]
async fn the_document_is_the_one_that_was_reviewed() {
    let stand = Stand::new().await;
    let url = format!("{}/openapi.json", stand.stage.control().unwrap().url());
    let document = stand.client.get(url).send().await.unwrap().json::<Value>().await.unwrap();
    assert_eq!(document, openapi());
    // The model's own schemas are reviewed with the scenario file's.
    let mut document = document;
    document["info"]["version"] = "[version]".into();
    document["components"]["schemas"].as_object_mut().unwrap().retain(|name, _| OURS.contains(&&**name));
    assert_snapshot!(format!("{document:#}"));
}

/// The schemas that are of the control API and not of the scenario file's model.
const OURS: [&str; 26] = [
    "ActiveFault",
    "Check",
    "ClockFace",
    "Count",
    "Done",
    "Error",
    "Exchange",
    "FaultList",
    "Health",
    "Index",
    "Injected",
    "IssuerSummary",
    "Lifted",
    "Link",
    "Page",
    "ProductSummary",
    "Refused",
    "Verdict",
    "VersionSummary",
    "Wait",
    "WorldSummary",
    "Skew",
    "Skews",
    "Restart",
    "KeyChange",
    "TokenChange",
];

#[test]
fn every_reference_in_the_document_leads_somewhere() {
    fn references<'d>(value: &'d Value, found: &mut Vec<&'d str>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str));
                members.values().for_each(|member| references(member, found));
            }
            _ => {}
        }
    }
    let document = openapi();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 50);
    for reference in found {
        assert!(document.pointer(reference.strip_prefix('#').unwrap()).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn what_is_answered_is_what_the_document_says() {
    let stand = Stand::new().await;
    stand.sync().await.unwrap();
    stand.post("/faults", &serde_json::json!({"does": "close", "path": "/never"})).await.good();
    let document = openapi();
    for path in ["/", "/health", "/world", "/faults", "/clock", "/journal", "/journal/count"] {
        let content = &document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        let schema = serde_json::json!({"$ref": content["$ref"], "components": document["components"]});
        let validator = jsonschema::validator_for(&schema).unwrap();
        let answer = stand.get(path).await.good();
        let errors: Vec<String> = validator.iter_errors(&answer).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{path}: {errors:?}");
    }
}

#[tokio::test]
async fn the_index_lists_the_paths_of_the_document() {
    let stand = Stand::new().await;
    let index = stand.get("/").await.good();
    let listed: Vec<(String, Vec<String>)> = index["links"].as_array().unwrap().iter().map(link).collect();
    for (path, operations) in openapi()["paths"].as_object().unwrap() {
        if path == "/" {
            continue;
        }
        let (_, methods) = listed.iter().find(|(href, _)| href == path).unwrap();
        let mut documented: Vec<String> =
            operations.as_object().unwrap().keys().map(|method| method.to_uppercase()).collect();
        let mut methods = methods.clone();
        documented.sort();
        methods.sort();
        assert_eq!(methods, documented, "{path}");
    }
    assert_eq!(listed.len() + 1, openapi()["paths"].as_object().unwrap().len());
}

fn link(link: &Value) -> (String, Vec<String>) {
    let methods =
        link["methods"].as_array().unwrap().iter().map(|method| method.as_str().unwrap().to_owned()).collect();
    (link["href"].as_str().unwrap().to_owned(), methods)
}
