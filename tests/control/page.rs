//! The page: what a browser gets, with the token and without.

use http::Method;
use reqwest::Response;
use serde_json::json;

use crate::stand::Stand;

/// All that holds something of the stage.
const PARTS: [&str; 6] = ["stage", "world", "catalog", "faults", "clock", "paste"];

/// What a browser sends when somebody opens an address.
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

impl Stand {
    /// Opens a path as a browser does, without a token.
    async fn open(&self, path: &str) -> Response {
        let url = format!("{}{path}", self.stage.control().unwrap().url());
        self.client.get(url).header("accept", BROWSER).send().await.unwrap()
    }

    /// A part of the page.
    async fn part(&self, name: &str) -> String {
        let response = self.request(Method::GET, &format!("/page/parts/{name}")).send().await.unwrap();
        assert_eq!(response.status(), 200, "{name}");
        assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
        response.text().await.unwrap()
    }
}

#[tokio::test]
async fn a_browser_without_the_token_gets_a_page_that_holds_nothing_of_the_stage() {
    let stand = Stand::new().await;
    let shell = stand.open("/").await.text().await.unwrap();
    assert!(shell.contains("<noscript>") && shell.contains("href=\"/openapi.json\""), "{shell}");
    for word in ["quickstart", "petstore", "tracks", "backstage", "okta", stand.token(), "localhost:3108"] {
        assert!(!shell.contains(word), "{word}: {shell}");
    }
    let other = Stand::new().await;
    assert_eq!(other.open("/").await.text().await.unwrap(), shell);
}

#[tokio::test]
async fn every_part_needs_the_token() {
    let stand = Stand::new().await;
    let parts = PARTS.map(|name| format!("/page/parts/{name}"));
    for path in parts.iter().map(String::as_str).chain(["/page/pulse", "/page/definitions/petstore-v1", "/page/x"]) {
        assert_eq!(stand.open(path).await.status(), 401, "{path}");
    }
}

#[tokio::test]
async fn a_program_still_gets_the_index() {
    let stand = Stand::new().await;
    assert_eq!(stand.get("/").await.good()["name"], "understudy");
    let url = stand.stage.control().unwrap().url();
    assert_eq!(stand.client.get(url).header("accept", "*/*").send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn no_answer_may_be_framed_or_run_a_script_of_others() {
    let stand = Stand::new().await;
    for path in ["/", "/page/style.css", "/page/script.js", "/page/icon.svg", "/page/pulse", "/openapi.json"] {
        let response = stand.open(path).await;
        let headers = response.headers();
        assert_eq!(
            headers["content-security-policy"],
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri \
             'none'; form-action 'none'; frame-ancestors 'none'",
            "{path}"
        );
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert_eq!(headers["cache-control"], "no-store");
        assert_eq!(headers.get_all("content-security-policy").iter().count(), 1);
    }
}

#[tokio::test]
async fn the_shell_names_no_file_but_its_own() {
    let stand = Stand::new().await;
    let shell = stand.open("/").await.text().await.unwrap();
    let files: Vec<&str> = ["src=\"", "href=\""]
        .iter()
        .flat_map(|attribute| shell.split(attribute).skip(1))
        .map(|rest| rest.split('"').next().unwrap())
        .filter(|file| !file.starts_with('#'))
        .collect();
    for file in &files {
        assert!(file.starts_with('/') && !file.starts_with("//"), "{file}");
        assert_eq!(stand.open(file).await.status(), 200, "{file}");
    }
    assert!(files.contains(&"/page/script.js"), "{files:?}");
    assert!(!shell.contains("<style") && !shell.contains(" style=") && !shell.contains(" on"), "{shell}");
}

#[tokio::test]
async fn nothing_that_a_browser_sends_is_on_the_page() {
    let stand = Stand::new().await;
    for path in ["/?xssMARKERssx", "/page/xssMARKERssx", "/page/parts/xssMARKERssx", "/page/script.js?xssMARKERssx"] {
        assert!(!stand.open(path).await.text().await.unwrap().contains("MARKER"), "{path}");
        let response = stand.request(Method::GET, path).header("accept", "text/html, text/xssMARKERssx").send().await;
        assert!(!response.unwrap().text().await.unwrap().contains("MARKER"), "{path}");
    }
    let answer = stand.get("/page/definitions/xssMARKERssx").await;
    assert_eq!(answer.code(), "no-such-api");
    assert!(!answer.body.to_string().contains("MARKER"));
}

#[tokio::test]
async fn each_part_has_its_heading_which_its_section_is_labelled_by() {
    let stand = Stand::new().await;
    let shell = stand.open("/").await.text().await.unwrap();
    for name in PARTS {
        let part = stand.part(name).await;
        let heading = if name == "stage" { "<h1 " } else { "<h2 " };
        let labelled = format!("id=\"{name}-title\"");
        assert!(part.starts_with(heading) && part.contains(&labelled), "{part}");
        assert!(name == "stage" || shell.contains(&format!("aria-labelledby=\"{name}-title\"")), "{name}");
    }
}

#[tokio::test]
async fn the_catalog_is_what_a_sync_gives() {
    let stand = Stand::new().await;
    let catalog = stand.part("catalog").await;
    for text in ["<code>petstore-v1</code>", "<code>tracks-v1</code>", "11.8 kB", "production"] {
        assert!(catalog.contains(text), "{text}: {catalog}");
    }
    let response = stand.request(Method::GET, "/page/definitions/petstore-v1").send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
    let definition = response.text().await.unwrap();
    assert!(definition.starts_with("{\n  \"openapi\": \"3."), "{definition}");
}

#[tokio::test]
async fn looking_at_the_catalog_leaves_journal_faults_and_counts_alone() {
    let stand = Stand::new().await;
    stand.post("/faults", &json!({"does": "reset", "when": {"first": 1}})).await.good();
    assert!(stand.part("catalog").await.contains("petstore-v1"));
    assert_eq!(stand.get("/journal").await.good()["exchanges"], json!([]));
    assert_eq!(stand.stage.faults().active()[0].played(), 0);
}

#[tokio::test]
async fn the_catalog_follows_the_world() {
    let stand = Stand::new().await;
    assert!(stand.part("catalog").await.contains("petstore-v1"));
    let before = stand.get("/page/pulse").await.good();
    stand.post("/world/changes", &json!({"removeProducts": ["petstore"]})).await.good();
    let after = stand.get("/page/pulse").await.good();
    assert_ne!(before["tags"]["catalog"], after["tags"]["catalog"]);
    assert!(!stand.part("catalog").await.contains("petstore-v1"));
    assert!(!stand.part("world").await.contains("petstore"));
}

#[tokio::test]
async fn a_world_that_no_provider_can_sync_is_told_with_the_reason() {
    let stand = Stand::new().await;
    stand.post("/tokens", &json!({"opaque": true})).await.good();
    let catalog = stand.part("catalog").await;
    assert!(catalog.contains("A sync gives nothing: ") && catalog.contains("401"), "{catalog}");
    assert!(catalog.contains(stand.stage.portal_url()), "{catalog}");
}

#[tokio::test]
async fn what_the_world_says_is_text_and_never_markup() {
    let stand = Stand::new().await;
    let evil = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>";
    let world = json!({
        "portal": {
            "products": [{
                "id": "petstore", "name": evil, "description": evil,
                "versions": [{"name": "v1", "title": evil, "lifecycle": evil, "usagePlans": [evil]}],
            }],
            "usagePlans": [{"name": evil, "authTypes": ["oauth2"]}],
        },
        "identity": {
            "groups": [{"name": evil}],
            "users": [{"username": evil, "password": "p", "name": evil, "email": "a@example.com", "groups": [evil]}],
        },
    });
    let put = stand.request(Method::PUT, "/world").json(&world).send().await.unwrap();
    assert_eq!(put.status(), 200, "{}", put.text().await.unwrap());
    let name = "\"'><script>";
    stand.post("/faults", &json!({"name": name, "path": "/<b>", "does": {"content-type": evil}})).await.good();
    for name in PARTS {
        let part = stand.part(name).await;
        assert!(!part.contains("<script") && !part.contains("<img") && !part.contains("<b>/"), "{name}: {part}");
    }
    assert!(stand.part("world").await.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(stand.part("faults").await.contains("&lt;script&gt;"));
}

#[tokio::test]
async fn no_secret_and_no_token_is_on_the_page() {
    let stand = Stand::new().await;
    stand.sync().await.unwrap();
    for name in PARTS {
        let part = stand.part(name).await;
        for secret in ["backstage-dev-secret", "developer-dev-password", stand.token()] {
            assert!(!part.contains(secret), "{name}");
        }
    }
    let paste = stand.part("paste").await;
    assert!(paste.contains("clientSecret: ${CLIENT_SECRET}"), "{paste}");
    assert!(paste.contains("export CLIENT_SECRET=&quot;${CLIENT_SECRET:?"), "{paste}");
    assert!(paste.contains("export ISSUER_URL=http://localhost:"), "{paste}");
}

/// The requests that the buttons of the page stand for.
fn buttons(part: &str) -> Vec<(String, String, Option<String>)> {
    let attribute = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        Some(rest.split('"').next().unwrap().replace("&quot;", "\"").replace("&amp;", "&"))
    };
    let tags = part.split("<button").skip(1).map(|rest| rest.split('>').next().unwrap());
    tags.filter_map(|tag| {
        Some((attribute(tag, "data-method")?, attribute(tag, "data-path")?, attribute(tag, "data-body")))
    })
    .collect()
}

#[tokio::test]
async fn every_button_is_a_request_that_the_api_takes() {
    for scenario in ["quickstart", "gloo-gateway", "gloo-mesh-flat"] {
        let stand = Stand::of(scenario).await;
        let mut clicked = 0;
        for (method, path, body) in [buttons(&stand.part("faults").await), buttons(&stand.part("clock").await)].concat()
        {
            let Some(body) = body else { continue };
            let request = stand.request(method.parse().unwrap(), &path);
            let answer = request.header("content-type", "application/json").body(body.clone()).send().await.unwrap();
            assert_eq!(answer.status(), 200, "{scenario} {method} {path} {body}");
            clicked += 1;
        }
        assert_eq!(clicked, 9 + 4 + 4, "{scenario}");
    }
}

#[tokio::test]
async fn a_fault_in_force_is_shown_with_what_lifts_it() {
    let stand = Stand::new().await;
    assert!(stand.part("faults").await.contains("no fault is in force"));
    stand.post("/faults", &json!({"name": "down", "server": "portal", "does": {"status": 503}})).await.good();
    let part = stand.part("faults").await;
    assert!(part.contains("not met yet") && part.contains("portal: {&quot;status&quot;:503}"), "{part}");
    assert!(buttons(&part).contains(&("DELETE".to_owned(), "/faults/1".to_owned(), None)));
    let before = stand.get("/page/pulse").await.good();
    assert!(stand.sync().await.is_err());
    assert_ne!(before["tags"]["faults"], stand.get("/page/pulse").await.good()["tags"]["faults"]);
    assert!(stand.part("faults").await.contains("met by "));
}

#[tokio::test]
async fn the_clock_is_told_with_its_course_and_its_skews() {
    let stand = Stand::new().await;
    assert!(stand.part("clock").await.contains("It runs with real time."));
    let before = stand.get("/page/pulse").await.good();
    assert_eq!(before["tags"]["clock"], stand.get("/page/pulse").await.good()["tags"]["clock"]);
    stand.post("/clock", &json!({"advance": "90m"})).await.good();
    assert_ne!(before["tags"]["clock"], stand.get("/page/pulse").await.good()["tags"]["clock"]);
    assert!(stand.part("clock").await.contains("It runs 1h 30m ahead of real time."), "{}", stand.part("clock").await);
    stand.post("/clock", &json!({"skew": {"server": "idp", "by": "-5m"}})).await.good();
    stand.post("/clock", &json!("freeze")).await.good();
    let part = stand.part("clock").await;
    assert!(part.contains("It stands still.") && part.contains("identity provider's clock is 5m behind it."), "{part}");
}

#[tokio::test]
async fn of_many_rows_the_first_are_shown_and_the_others_counted() {
    let stand = Stand::new().await;
    let versions: Vec<_> = (0..400).map(|number| json!({"name": format!("v{number}")})).collect();
    let world = json!({"portal": {"products": [{"id": "petstore", "versions": versions}]}});
    assert_eq!(stand.request(Method::PUT, "/world").json(&world).send().await.unwrap().status(), 200);
    assert!(stand.part("world").await.contains("… and 150 versions more."));
    assert!(stand.part("catalog").await.contains("… and 153 rows more."));
}
