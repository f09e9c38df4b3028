//! From what a user names to a scenario, with real files and folders.

use std::fs;
use std::path::Path;

use insta::assert_snapshot;
use tempfile::TempDir;
use understudy_scenarios::file::{ProductFile, ScenarioFile, SpecFile, VersionFile};
use understudy_scenarios::{LoadError, Scenario, Spec, Step};

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn load(folder: &TempDir, path: &str) -> Result<Scenario, LoadError> {
    Scenario::load(folder.path().join(path))
}

/// The message about what is wrong at `path`, with the folder called `[folder]`.
fn message(folder: &TempDir, path: &str) -> String {
    load(folder, path).unwrap_err().to_string().replace(&folder.path().display().to_string(), "[folder]")
}

/// The APIs of a scenario, each with its document.
fn apis(scenario: &Scenario) -> Vec<(&str, &str)> {
    let versions = scenario.world().portal.products.iter().flat_map(|product| &product.versions);
    versions.map(|version| (version.id.as_str(), version.spec.get())).collect()
}

const SHOP: &str = "portal:\n  products:\n    - id: pets\n      versions:\n        - {name: v1, spec: ./pets.yaml}\n";

#[test]
fn a_name_finds_a_bundled_scenario() {
    assert_eq!(Scenario::find("gloo-gateway").unwrap().name(), "gloo-gateway");
}

#[test]
fn an_unknown_name_is_told_with_the_nearest_and_the_list() {
    let error = Scenario::find("quikstart").unwrap_err();
    assert_eq!((error.path(), error.line()), (None, None));
    assert_snapshot!(error, @r"
    there is no bundled scenario `quikstart`: did you mean `quickstart`?
    bundled are `quickstart`, `gloo-mesh-flat`, `gloo-gateway`, `empty-portal`, and the hazards of `understudy scenarios list --suite hazards`; a scenario of your own is named by its path, such as `./quikstart.yaml`
    ");
}

#[test]
fn what_looks_like_a_path_is_one() {
    let error = Scenario::find("./quickstart").unwrap_err();
    assert_snapshot!(error, @"can't read `./quickstart`: there is no such file or folder");
    assert_eq!(error.path(), Some("./quickstart"));
    assert!(Scenario::find("quickstart.yaml").is_err());
}

#[test]
fn a_path_finds_a_file() {
    let folder = folder(&[("shop.yaml", "portal: {}")]);
    let path = folder.path().join("shop.yaml");
    assert_eq!(Scenario::find(path.to_str().unwrap()).unwrap().name(), "shop");
}

#[test]
fn a_scenario_is_called_what_it_says_or_else_what_its_file_is() {
    let folder = folder(&[
        ("shop.yaml", "portal: {}"),
        ("named.json", r#"{"name": "My shop"}"#),
        ("inside/scenario.yaml", "portal: {}"),
    ]);
    assert_eq!(load(&folder, "shop.yaml").unwrap().name(), "shop");
    assert_eq!(load(&folder, "named.json").unwrap().name(), "My shop");
    assert_eq!(load(&folder, "inside").unwrap().name(), "inside");
}

#[test]
fn a_scenario_knows_the_file_that_it_was_read_from() {
    let folder = folder(&[
        ("shop.yaml", "portal: {}"),
        ("inside/scenario.yaml", "portal: {}"),
        ("pets/a.yaml", "openapi: 3.1.0"),
    ]);
    let path = |name: &str| load(&folder, name).unwrap().path().map(std::path::Path::to_owned);
    assert_eq!(path("shop.yaml"), Some(folder.path().join("shop.yaml")));
    assert_eq!(path("inside"), Some(folder.path().join("inside/scenario.yaml")));
    assert_eq!((path("pets"), Scenario::find("quickstart").unwrap().path()), (None, None));
}

#[test]
fn a_document_lies_beside_the_scenario() {
    let folder = folder(&[("a/shop.yaml", SHOP), ("a/pets.yaml", "openapi: 3.0.3\ninfo: {version: '1.10'}\n")]);
    let scenario = load(&folder, "a/shop.yaml").unwrap();
    assert_eq!(apis(&scenario), [("pets-v1", r#"{"openapi":"3.0.3","info":{"version":"1.10"}}"#)]);
}

#[test]
fn a_json_document_is_served_digit_for_digit() {
    let folder = folder(&[
        ("shop.yaml", &SHOP.replace("pets.yaml", "pets.json")),
        ("pets.json", "{\n  \"z\": 1.10,\n  \"a\": 12345678901234567890123\n}\n"),
    ]);
    let scenario = load(&folder, "shop.yaml").unwrap();
    assert_eq!(apis(&scenario), [("pets-v1", r#"{"z":1.10,"a":12345678901234567890123}"#)]);
}

#[test]
fn a_document_may_lie_anywhere_on_this_machine() {
    let folder = folder(&[("a/b/shop.yaml", &SHOP.replace("./pets.yaml", "../../pets.yaml")), ("pets.yaml", "a: b")]);
    assert_eq!(apis(&load(&folder, "a/b/shop.yaml").unwrap()), [("pets-v1", r#"{"a":"b"}"#)]);
    let absolute = SHOP.replace("./pets.yaml", folder.path().join("pets.yaml").to_str().unwrap());
    fs::write(folder.path().join("absolute.yaml"), absolute).unwrap();
    assert_eq!(apis(&load(&folder, "absolute.yaml").unwrap()), [("pets-v1", r#"{"a":"b"}"#)]);
}

#[test]
fn a_missing_document_is_told_with_the_nearest_file() {
    let folder = folder(&[("shop.yaml", SHOP), ("pet.yaml", "")]);
    assert_snapshot!(message(&folder, "shop.yaml"), @r"
    can't read the document `./pets.yaml`: there is no such file: did you mean `./pet.yaml`?
     --> [folder]/shop.yaml:5:28
      |
    5 |         - {name: v1, spec: ./pets.yaml}
      |                            ^^^^^^^^^^^
      |
      = help: looked for it at `[folder]/pets.yaml`
    ");
}

#[test]
fn a_folder_in_place_of_a_document_is_told() {
    let folder = folder(&[("shop.yaml", SHOP), ("pets.yaml/nothing", "")]);
    assert_snapshot!(message(&folder, "shop.yaml"), @r"
    can't read the document `./pets.yaml`: it is a folder
     --> [folder]/shop.yaml:5:28
      |
    5 |         - {name: v1, spec: ./pets.yaml}
      |                            ^^^^^^^^^^^
      |
      = help: looked for it at `[folder]/pets.yaml`
    ");
}

#[test]
fn a_mistake_in_a_document_is_told_at_its_place_there() {
    let folder = folder(&[("shop.yaml", SHOP), ("pets.yaml", "openapi: 3.0.3\ninfo: {title: Pets\npaths: {}\n")]);
    assert_snapshot!(message(&folder, "shop.yaml"), @r"
    a `,` or a closing bracket is missing before this
     --> [folder]/pets.yaml:3:6
      |
    3 | paths: {}
      |      ^
      |
      = help: separate what is in brackets by commas
    ");
}

#[test]
fn a_mistake_in_a_json_document_is_told_at_its_place_there() {
    let shop = SHOP.replace("pets.yaml", "pets.json");
    let folder = folder(&[("shop.yaml", &shop), ("pets.json", "{\n  \"openapi\": \"3.0.3\",\n}\n")]);
    assert_snapshot!(message(&folder, "shop.yaml"), @r"
    a key in quotes is missing here: JSON has no `,` before a `}`
     --> [folder]/pets.json:3:1
      |
    3 | }
      | ^
    ");
}

#[test]
fn a_document_that_is_no_mapping_is_told() {
    let folder = folder(&[("shop.yaml", SHOP), ("pets.yaml", "- openapi\n")]);
    assert_snapshot!(message(&folder, "shop.yaml"), @r"
    an OpenAPI document is a mapping (`key: value`), found a list
    --> [folder]/pets.yaml
    ");
}

#[test]
fn a_file_that_is_no_text_is_told() {
    let folder = folder(&[]);
    fs::write(folder.path().join("shop.yaml"), b"portal:\n  products: \xff\n").unwrap();
    assert_snapshot!(message(&folder, "shop.yaml"), @"can't read `[folder]/shop.yaml`: it is no text in UTF-8, from line 2 on");
}

#[test]
fn a_folder_of_documents_is_a_world_with_a_product_for_each() {
    let pets = "openapi: 3.1.0\ninfo: {title: Pets, description: All pets., version: 2.3.0, license: {name: MIT}, contact: {email: pets@example.com}}\n";
    let folder = folder(&[
        ("pets.yaml", pets),
        ("tracks-v1.json", r#"{"swagger": "2.0", "info": {"title": "Tracks", "version": "9"}}"#),
        ("tracks-v10.yml", "openapi: 3.0.3\n"),
        ("tracks-v2.yml", "openapi: 3.0.3\ninfo: {title: Tracks 2}\n"),
        ("README.md", "no document"),
        ("compose.yaml", "services: {}\n"),
        ("manifests.yaml", "kind: Portal\n---\nkind: PortalGroup\n"),
        (".hidden.yaml", "openapi: 3.0.3\n"),
        ("within/inner.yaml", "openapi: 3.0.3\n"),
    ]);
    let scenario = load(&folder, "").unwrap();
    let ids: Vec<&str> = apis(&scenario).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, ["pets-v2", "tracks-v1", "tracks-v2", "tracks-v10"]);
    let [pets, tracks] = &scenario.world().portal.products[..] else { panic!("two products") };
    assert_eq!((&*pets.name, pets.description.as_deref()), ("Pets", Some("All pets.")));
    assert_eq!(pets.contact_email.as_deref(), Some("pets@example.com"));
    assert_eq!(pets.versions[0].license.as_deref(), Some("MIT"));
    assert_eq!((&*tracks.name, &*tracks.versions[1].title), ("Tracks", "Tracks 2"));
    assert_eq!(scenario.name(), folder.path().file_name().unwrap().to_str().unwrap());
}

#[test]
fn a_folder_written_as_a_scenario_file_loads_to_the_same_world() {
    let folder =
        folder(&[("pets.yaml", "openapi: 3.0.3\ninfo: {title: Pets}\n"), ("more.json", r#"{"openapi": "3.0.3"}"#)]);
    let scenario = load(&folder, "").unwrap();
    fs::write(folder.path().join("scenario.yaml"), scenario.to_yaml()).unwrap();
    assert_eq!(load(&folder, "").unwrap().world(), scenario.world());
}

#[test]
fn a_folder_without_a_document_is_told_with_what_was_looked_for() {
    let folder = folder(&[("apis/compose.yaml", "services: {}\n")]);
    assert_snapshot!(message(&folder, "apis"), @r"
    there is no OpenAPI document in this folder, and no scenario
    --> [folder]/apis
     = help: looked for a `scenario.yaml`, and for OpenAPI documents: files that end in `.yaml`, `.yml` or `.json` with `openapi` or `swagger` at the top
    ");
}

#[test]
fn two_documents_for_one_api_are_told() {
    let folder = folder(&[("pets.yaml", "openapi: 3.0.3\n"), ("pets-v1.json", r#"{"openapi": "3.0.3"}"#)]);
    assert_snapshot!(message(&folder, ""), @r"
    `pets-v1.json` and `pets.yaml` would both be the API `pets-v1`
    --> [folder]/pets.yaml
     = help: a product is named by its file, and a version by `-v2` at the end of it or by `info.version`
    ");
}

#[test]
fn a_broken_document_in_a_folder_is_not_passed_over() {
    let folder = folder(&[("a.yaml", "openapi: 3.0.3\n"), ("b.yaml", "openapi: 3.0.3\n\tinfo: {}\n")]);
    assert_snapshot!(message(&folder, ""), @r"
    the line after this is indented with a tab
     --> [folder]/b.yaml:1:10
      |
    1 | openapi: 3.0.3
      |          ^
      |
      = help: indent with spaces
    ");
}

#[test]
fn a_file_model_put_together_in_code_is_checked_too() {
    let version = VersionFile { spec: Some(SpecFile::Path("./pets.yaml".to_owned())), ..VersionFile::new("v1") };
    let mut file = ScenarioFile::default();
    file.portal.products = vec![ProductFile { versions: vec![version], ..ProductFile::new("pets") }];
    assert_snapshot!(Scenario::from_file("made", file.clone()).unwrap_err(), @r"
    `./pets.yaml` can't be found: this scenario is a text of its own, beside which no file lies
    --> made
     = help: it is at `portal.products[0].versions[0].spec`
     = help: write the document in the scenario, or load the scenario from its file
    ");
    file.portal.products[0].versions[0].spec = None;
    assert!(Scenario::from_file("made", file.clone()).is_ok());
    file.portal.products.push(ProductFile::new("pets"));
    assert_snapshot!(Scenario::from_file("made", file).unwrap_err(), @r"
    the product id `pets` stands twice
    --> made
     = help: it is at `portal.products[1].id`
    ");
}

#[test]
fn the_bundled_files_load_from_disk_as_they_do_from_the_program() {
    let bundled = Path::new(env!("CARGO_MANIFEST_DIR")).join("bundled");
    for scenario in understudy_scenarios::bundled::all() {
        let file = bundled.join(scenario.name).with_extension("yaml");
        assert_eq!(Scenario::load(file).unwrap(), scenario.scenario().unwrap());
    }
}

#[test]
fn a_scenario_tells_the_folders_that_it_was_read_from() {
    let text = "portal: {products: [{id: a, versions: [{name: v1, spec: ./docs/a.json}, {name: v2}]}]}";
    let folder = folder(&[("mine.yaml", text), ("docs/a.json", "{}")]);
    let own = folder.path().to_owned();
    let folders = |scenario: Scenario| scenario.folders().iter().cloned().collect::<Vec<_>>();
    assert_eq!(folders(load(&folder, "mine.yaml").unwrap()), [own.clone(), own.join("docs")]);
    assert_eq!(folders(Scenario::find("quickstart").unwrap()), [""; 0].map(Path::new));
}

#[test]
fn a_step_names_documents_beside_the_scenario_and_keeps_their_paths() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("next")).unwrap();
    fs::write(folder.path().join("next/pets.yaml"), "openapi: 3.1.0\n").unwrap();
    let file = folder.path().join("shop.yaml");
    let text = "portal: {products: [{id: pets, versions: [{name: v1}]}]}\nsteps:\n  - sync\n\n  - change:\n      \
                editVersions: [{id: pets-v1, spec: ./next/pets.yaml}]\n      \
                addVersions: [{product: pets, version: {name: v2, spec: next/pets.yaml}}]\n  - sync\n";
    fs::write(&file, text).unwrap();
    let scenario = Scenario::load(&file).unwrap();
    assert!(scenario.to_yaml().contains("./next/pets.yaml"));
    assert!(scenario.folders().contains(&folder.path().join("next")));
    let Step::Change(change) = &scenario.steps()[1] else { panic!("a change") };
    let document = SpecFile::Inline(Spec::from_json(r#"{"openapi":"3.1.0"}"#).unwrap());
    assert_eq!(change.edit_versions[0].spec.as_ref(), Some(&document));
    assert_eq!(change.add_versions[0].version.spec.as_ref(), Some(&document));
    let lines: Vec<_> = (0..4).map(|step| scenario.step_line(step)).collect();
    assert_eq!(lines, [Some(3), Some(5), Some(8), None]);
    fs::write(&file, scenario.to_yaml()).unwrap();
    assert_eq!(Scenario::load(&file).unwrap(), scenario);
}

#[test]
fn a_document_of_a_step_that_is_not_there_is_told_with_its_line() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("shop.yaml");
    fs::write(&file, "steps:\n  - change:\n      addProducts: [{id: a, versions: [{name: v1, spec: a.yaml}]}]\n")
        .unwrap();
    let error = Scenario::load(&file).unwrap_err();
    assert_eq!(error.line(), Some(3));
    assert!(error.to_string().starts_with("can't read the document `a.yaml`: there is no such file"), "{error}");
}

#[test]
fn steps_made_in_code_have_no_lines() {
    let file = ScenarioFile { steps: vec![Step::Sync], ..ScenarioFile::default() };
    let scenario = Scenario::from_file("made", file).unwrap();
    assert_eq!((scenario.steps(), scenario.step_line(0)), (&[Step::Sync][..], None));
}

#[test]
fn a_document_that_aliases_make_immense_is_refused() {
    let mut laughs = "a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for (next, last) in ('b'..='j').zip('a'..) {
        let aliases = vec![format!("*{last}"); 10].join(", ");
        laughs.push_str(&format!("{next}: &{next} [{aliases}]\n"));
    }
    let scenario = "portal: {products: [{id: a, versions: [{name: v1, spec: ./laughs.yaml}]}]}\n";
    let folder = folder(&[("one.yaml", scenario), ("laughs.yaml", &laughs)]);
    assert_snapshot!(message(&folder, "one.yaml"), @r"
    it holds more keys, values and aliases (`*name`) than are read
     --> [folder]/laughs.yaml:6:16
      |
    6 | f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]
      |                ^^
    ");
}
