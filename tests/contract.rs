//! Every answer of the mock portal validates against the published OpenAPI contracts.
//!
//! The contracts are others' text, so the project holds no copy: they are read from the folder that
//! `UNDERSTUDY_CONTRACTS` names, or from `../shared/contracts` where that exists. Says so and skips otherwise.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jsonschema::{Draft, Validator};
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::{Map, Value, json};
use understudy::scenarios::bundled;
use understudy::{Scenario, Stage};

const MESH: &str = "gloo-mesh-gateway-portal.yaml";
const GATEWAY: [&str; 2] = ["gloo-gateway-portal-server.yaml", "gloo-portal-backend.yaml"];

/// Members that real portals answer and a contract does not know: contract, schema, member. Anything else that a
/// contract does not know fails.
const BEYOND: &[(&str, &str, &[&str])] = &[
    // The product's members that the flat shape (2.4) adds to each item, and what both shapes add to a version: read by
    // the published plugin (its type `API`), and listed by the guide's portal.
    (
        MESH,
        "API",
        &["apiProductId", "apiProductDisplayName", "apiVersion", "lifecycle", "openapiSpec", "openapiSpecFetchErr"],
    ),
    // Each of the two Gloo Gateway contracts leaves out what the other has.
    (GATEWAY[0], "APIProduct", &["autoApproval"]),
    (GATEWAY[0], "ProductVersion", &["status", "publicVisible", "apiSpecError"]),
    (GATEWAY[1], "ApiProductSummary", &["apiKeyEnabled", "oauthEnabled"]),
    (GATEWAY[1], "ApiProductDetails", &["autoApproval"]),
    (GATEWAY[1], "ApiProductVersion", &["termsOfService", "license", "publicVisible", "productVersionMetadata"]),
    (GATEWAY[1], "User", &["synced"]),
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let contracts = contracts();
    if let Err(why) = &contracts {
        eprintln!("skipped: the contract's tests: {why}");
    }
    let skipped = contracts.is_err();
    let folder = contracts.unwrap_or_default();
    let trials = bundled::all().iter().map(|scenario| {
        let (name, folder) = (scenario.name, folder.clone());
        Trial::test(format!("every_answer_of_{name}_validates_against_the_contracts"), move || check(&folder, name))
            .with_ignored_flag(skipped)
    });
    let mut trials: Vec<Trial> = trials.collect();
    let strict = folder.clone();
    trials.push(
        Trial::test("a_member_that_no_contract_knows_fails", move || an_unknown_member_fails(&strict))
            .with_ignored_flag(skipped),
    );
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn contracts() -> Result<PathBuf, String> {
    let folder = std::env::var_os("UNDERSTUDY_CONTRACTS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/contracts"), PathBuf::from);
    if folder.join(MESH).is_file() {
        Ok(folder)
    } else {
        Err(format!("UNDERSTUDY_CONTRACTS names no folder with {MESH}, {} and {}", GATEWAY[0], GATEWAY[1]))
    }
}

fn check(folder: &Path, scenario: &str) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let portal = Portal::of(scenario).await?;
        match portal.stage.world().current().world.portal.family {
            understudy::scenarios::Family::GlooMeshGateway { .. } => check_mesh(folder, &portal).await,
            understudy::scenarios::Family::GlooGateway => check_gateway(folder, &portal).await,
        }
    })
}

async fn check_mesh(folder: &Path, portal: &Portal) -> Result<(), Failed> {
    let contract = Contract::read(folder, MESH)?;
    contract.check("User", &portal.get("/me").await?)?;
    for plan in items(&portal.get("/usage-plans").await?)? {
        contract.check("UsagePlan", plan)?;
    }
    let listed = portal.get("/apis").await?;
    let mut apis = Vec::new();
    for item in items(&listed)? {
        // The grouped shape is not in the contract: a product, and under it what the contract calls an API.
        match item.get("apiVersions") {
            Some(versions) => {
                let members: Vec<&str> =
                    item.as_object().ok_or("a product is no object")?.keys().map(String::as_str).collect();
                let mut known = vec!["apiProductDisplayName", "apiProductId", "apiVersions"];
                known.retain(|member| members.contains(member));
                if members.len() != known.len() || !item["apiProductId"].is_string() {
                    return Err(format!("a product with the members {members:?}").into());
                }
                apis.extend(items(versions)?);
            }
            None => apis.push(item),
        }
    }
    for api in &apis {
        contract.check("API", api)?;
        let id = api["apiId"].as_str().ok_or("an API without its id")?;
        if !portal.get(&format!("/apis/{id}/schema")).await?.is_object() {
            return Err(format!("the schema of {id} is no object").into());
        }
    }
    let expected = portal.versions();
    if apis.len() != expected {
        return Err(format!("{} APIs were listed and checked, of {expected}", apis.len()).into());
    }
    Ok(())
}

async fn check_gateway(folder: &Path, portal: &Portal) -> Result<(), Failed> {
    let mut checked = 0;
    for (name, summary, details, version) in [
        (GATEWAY[0], "APIProductSummary", "APIProduct", "ProductVersion"),
        (GATEWAY[1], "ApiProductSummary", "ApiProductDetails", "ApiProductVersion"),
    ] {
        let contract = Contract::read(folder, name)?;
        contract.check("User", &portal.get("/me").await?)?;
        for product in items(&portal.get("/api-products").await?)? {
            contract.check(summary, product)?;
            let id = product["id"].as_str().ok_or("a product without its id")?;
            contract.check(details, &portal.get(&format!("/api-products/{id}")).await?)?;
            for item in items(&portal.get(&format!("/api-products/{id}/versions")).await?)? {
                contract.check(version, item)?;
                checked += 1;
            }
        }
    }
    let expected = portal.versions() * GATEWAY.len();
    if checked != expected {
        return Err(format!("{checked} versions were checked, of {expected}").into());
    }
    Ok(())
}

fn an_unknown_member_fails(folder: &Path) -> Result<(), Failed> {
    let contract = Contract::read(folder, MESH)?;
    contract.check("API", &json!({"apiId": "petstore-v1", "lifecycle": "production"}))?;
    for wrong in [json!({"apiId": "petstore-v1", "apiName": "x"}), json!({"apiId": 1})] {
        if contract.check("API", &wrong).is_ok() {
            return Err(format!("{wrong} was let through").into());
        }
    }
    let plan = json!({"name": "gold", "rateLimitPolicy": {"unit": "MINUTE", "requests": 1}});
    if contract.check("UsagePlan", &plan).is_ok() {
        return Err("an unknown member of a member was let through".into());
    }
    let contract = Contract::read(folder, GATEWAY[1])?;
    if contract.check("ApiProductSummary", &json!({"id": "petstore"})).is_ok() {
        return Err("a missing required member was let through".into());
    }
    Ok(())
}

/// One contract's schemas, made strict: what they do not know is an error.
struct Contract {
    name: &'static str,
    components: Value,
}

impl Contract {
    fn read(folder: &Path, name: &'static str) -> Result<Self, Failed> {
        let path = folder.join(name);
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let mut document: Value = serde_saphyr::from_str(&text)?;
        let mut components = document["components"].take();
        let schemas = components["schemas"].as_object_mut().ok_or("a contract without schemas")?;
        // A schema put together by `allOf` must stay open itself: what is checked closes the whole, below.
        for schema in schemas.values_mut().filter_map(Value::as_object_mut) {
            if schema.contains_key("properties") && name == MESH {
                schema.insert("unevaluatedProperties".to_owned(), false.into());
            }
        }
        Ok(Self { name, components })
    }

    fn check(&self, schema: &str, value: &Value) -> Result<(), Failed> {
        let errors: Vec<String> = self
            .validator(schema)?
            .iter_errors(value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        if errors.is_empty() {
            return Ok(());
        }
        Err(format!("against {}, {schema}:\n{}\nin {value:#}", self.name, errors.join("\n")).into())
    }

    fn validator(&self, schema: &str) -> Result<Validator, Failed> {
        let named = &self.components["schemas"][schema];
        if !named.is_object() {
            return Err(format!("{} has no schema {schema}", self.name).into());
        }
        let mut components = self.components.clone();
        let beyond = BEYOND.iter().find(|(contract, name, _)| (*contract, *name) == (self.name, schema));
        let members: Map<String, Value> = beyond
            .iter()
            .flat_map(|(_, _, members)| *members)
            .map(|&member| (member.to_owned(), true.into()))
            .collect();
        // Only the outermost schema may know more than the contract does.
        let mut root = components["schemas"][schema].take();
        root["unevaluatedProperties"] = false.into();
        root["components"] = components;
        match root.get_mut("properties").and_then(Value::as_object_mut) {
            Some(properties) => properties.extend(members),
            None => root["properties"] = members.into(),
        }
        Ok(jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true).build(&root)?)
    }
}

/// A stage's portal, asked with a token.
struct Portal {
    stage: Stage,
    client: reqwest::Client,
    token: String,
}

impl Portal {
    async fn of(scenario: &str) -> Result<Self, Failed> {
        let stage = Stage::start(Scenario::find(scenario)?).await?;
        let client = reqwest::Client::builder().no_proxy().build()?;
        let account = stage.service_account()?;
        let secret = account.secret.as_ref().map_or("", |secret| secret.expose());
        let answer = client
            .post(stage.issuer()?.token_endpoint)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("grant_type=client_credentials&client_id={}&client_secret={secret}", account.id))
            .send()
            .await?;
        let answer: Value = answer.json().await?;
        let token = answer["access_token"].as_str().ok_or("no token was issued")?.to_owned();
        Ok(Self { stage, client, token })
    }

    async fn get(&self, path: &str) -> Result<Value, Failed> {
        let url = format!("{}{path}", self.stage.portal_server_url());
        let response = self.client.get(&url).bearer_auth(&self.token).send().await?;
        let status = response.status();
        if status != 200 {
            return Err(format!("GET {url} answered {status}").into());
        }
        Ok(response.json().await?)
    }

    fn versions(&self) -> usize {
        let edition = self.stage.world().current();
        edition.world.portal.products.iter().map(|product| product.versions.len()).sum()
    }
}

fn items(list: &Value) -> Result<&Vec<Value>, Failed> {
    list.as_array().ok_or_else(|| format!("no list: {list}").into())
}
