//! How a sync of the plugin goes with what a portal answered: which documents each API gets, and what is lost.

use understudy_provider::Family;

use super::super::portal::Shape;
use super::seen::{Body, Document, Item, Seen};

/// What the plugin would do wrong, by the ids of the APIs that it does it to, in the portal's order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Course {
    /// A document that is a string gets quoted once more.
    pub(super) quoted: Vec<String>,
    /// There is no definition, so that Backstage refuses the entity.
    pub(super) undefined: Vec<String>,
    /// An error's body becomes the definition.
    pub(super) errors: Vec<String>,
    /// The first whose document is no JSON: it and all that come after it are deleted, so many in all.
    pub(super) stops_at: Option<(String, usize)>,
    /// Products whose APIs are deleted, since their versions can't be read.
    pub(super) lost_products: Vec<String>,
    /// Items of a flat list that name no product: the plugin leaves them out.
    pub(super) left_out: Vec<String>,
    /// How many requests it makes one after the other, besides the list's.
    pub(super) requests: usize,
}

/// The course of a sync of the portal whose list has this shape; none where that list was not seen, such as after a redirect.
pub(super) fn of(shape: Shape, seen: &Seen) -> Option<Course> {
    let (mesh, gateway) = (seen.list(Family::GlooMesh.path()), seen.list(Family::GlooGateway.path()));
    match shape {
        // A portal may have this list at the other's path, too.
        Shape::Products { .. } => gateway.or(mesh).map(|list| products(list, seen)),
        Shape::Grouped { .. } => mesh.map(|list| apis(list, true, seen)),
        Shape::Flat { .. } => mesh.map(|list| apis(list, false, seen)),
        Shape::Empty | Shape::Foreign => None,
    }
}

fn products(products: &[Item], seen: &Seen) -> Course {
    let mut course = Course::default();
    for id in products.iter().filter_map(|product| product.id.as_deref()) {
        course.requests += 1;
        let answer = seen.of(Family::GlooGateway.path(), id, "versions");
        let Some(Body::List(versions)) = answer.map(|answer| &answer.body) else {
            course.lost_products.push(id.to_owned());
            continue;
        };
        for version in versions {
            let Some(id) = version.id.clone() else { continue };
            match version.document {
                Document::Text => course.quoted.push(id),
                Document::None => course.undefined.push(id),
                Document::Value => {}
            }
        }
    }
    course
}

/// In a grouped list the documents are dropped, and asked for anew.
fn apis(items: &[Item], is_grouped: bool, seen: &Seen) -> Course {
    let mut course = Course::default();
    let versions: Vec<&Item> = match is_grouped {
        true => items.iter().flat_map(|item| item.versions.iter().flatten()).collect(),
        false => items.iter().collect(),
    };
    for (at, version) in versions.iter().enumerate() {
        let Some(id) = version.api_id.clone() else { continue };
        if !is_grouped && !version.has_product {
            course.left_out.push(id);
            continue;
        }
        match version.document {
            Document::Text if !is_grouped => {
                course.quoted.push(id);
                continue;
            }
            Document::Value if !is_grouped => continue,
            _ if version.has_fetch_error => {
                course.undefined.push(id);
                continue;
            }
            _ => {}
        }
        course.requests += 1;
        // What our sync did not ask for, since the list has it, is not known here.
        match seen.of(Family::GlooMesh.path(), &id, "schema").map(|answer| &answer.body) {
            None | Some(Body::Object { is_error: false }) => {}
            Some(Body::Object { is_error: true }) => course.errors.push(id),
            Some(Body::Text) => course.quoted.push(id),
            Some(Body::List(_) | Body::Value) => course.errors.push(id),
            Some(Body::Nothing) => {
                course.stops_at = Some((id, versions.len() - at));
                break;
            }
        }
    }
    course
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::{Method, Response};
    use proptest::prelude::*;
    use understudy_provider::Exchange;
    use url::Url;

    use super::*;

    fn seen(answers: &[(&str, u16, &str)]) -> Seen {
        let mut seen = Seen::default();
        let url = Url::parse("http://portal.example/v1").unwrap();
        for (path, status, body) in answers {
            let answer = Response::builder().status(*status).body(body.as_bytes().to_vec()).unwrap();
            let elapsed = Duration::ZERO;
            seen.take(path, &Exchange { method: &Method::GET, url: &url, result: Ok(&answer), elapsed });
        }
        seen
    }

    #[test]
    fn a_schema_that_is_no_json_ends_the_list() {
        let list = r#"[{"apiVersions":[{"apiId":"a"},{"apiId":"b c"},{"apiId":"d"}]}]"#;
        let seen = seen(&[
            ("/apis", 200, list),
            ("/apis/a/schema", 500, r#"{"message":"boom"}"#),
            ("/apis/b%20c/schema", 200, "<html>"),
            ("/apis/d/schema", 200, "{}"),
        ]);
        let course = of(Shape::Grouped { products: 1 }, &seen).unwrap();
        assert_eq!((course.errors, course.stops_at), (vec!["a".to_owned()], Some(("b c".to_owned(), 2))));
    }

    #[test]
    fn a_flat_list_keeps_its_documents_and_a_grouped_one_does_not() {
        let items = r#"{"apiId":"a","apiProductId":"p","openapiSpec":"openapi: 3.0.3"},{"apiId":"b","apiProductId":"p","openapiSpecFetchErr":"x"}"#;
        let flat = of(Shape::Flat { versions: 2 }, &seen(&[("/apis", 200, &format!("[{items}]"))])).unwrap();
        assert_eq!((flat.quoted, flat.undefined, flat.requests), (vec!["a".to_owned()], vec!["b".to_owned()], 0));
        let list = format!(r#"[{{"apiVersions":[{items}]}}]"#);
        let grouped = of(Shape::Grouped { products: 1 }, &seen(&[("/apis", 200, &list)])).unwrap();
        assert_eq!((grouped.quoted.len(), grouped.requests), (0, 1));
    }

    #[test]
    fn nothing_is_told_of_a_list_that_was_not_seen() {
        assert_eq!(of(Shape::Grouped { products: 1 }, &seen(&[("/api/apis", 200, "[]")])), None);
    }

    #[test]
    fn a_product_whose_versions_fail_is_lost() {
        let seen = seen(&[
            ("/api-products", 200, r#"[{"id":"a"},{"id":"b"}]"#),
            (
                "/api-products/a/versions",
                200,
                r#"[{"id":"a-v1","apiSpec":"{}"},{"id":"a-v2"},{"id":"a-v3","apiSpec":{}}]"#,
            ),
            ("/api-products/b/versions", 500, r#"{"message":"boom"}"#),
        ]);
        let course = of(Shape::Products { products: 2 }, &seen).unwrap();
        assert_eq!((course.quoted, course.undefined), (vec!["a-v1".to_owned()], vec!["a-v2".to_owned()]));
        assert_eq!((course.lost_products, course.requests), (vec!["b".to_owned()], 2));
    }

    proptest! {
        #[test]
        fn any_answers_have_a_course(list in any::<Vec<u8>>(), id in any::<String>(), schema in any::<String>()) {
            let made = serde_json::json!([{"apiVersions": [{"apiId": id, "openapiSpec": schema}], "id": id, "apiId": id}]).to_string();
            let list = String::from_utf8_lossy(&list).into_owned();
            for list in [list, made] {
                let seen = seen(&[("/apis", 200, &list), ("/api-products", 200, &list), ("/apis//schema", 200, &schema)]);
                for shape in [Shape::Grouped { products: 1 }, Shape::Flat { versions: 1 }, Shape::Products { products: 1 }] {
                    let _ = of(shape, &seen);
                }
            }
        }
    }
}
