//! What every hazard must be: two files that agree, a scenario that judges something, a page that says enough.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::{ClockMove, Step};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("hazards")
}

/// The names of the files with this ending, without it.
fn stems(ending: &str) -> BTreeSet<String> {
    let files = fs::read_dir(folder()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    files.filter_map(|name| name.strip_suffix(ending).map(str::to_owned)).collect()
}

#[test]
fn every_hazard_is_a_scenario_and_a_page_of_one_name_and_stands_in_the_table_once() {
    let ids: BTreeSet<String> = all().iter().map(|hazard| hazard.id.to_owned()).collect();
    assert_eq!(ids.len(), all().len(), "an id is there twice");
    assert_eq!(stems(".yaml"), ids);
    assert_eq!(stems(".md"), ids);
}

#[test]
fn every_id_is_in_kebab_case() {
    for hazard in all() {
        let sound = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        assert!(hazard.id.split('-').all(sound), "{}", hazard.id);
    }
}

#[test]
fn every_hazard_loads_tells_what_it_is_for_and_judges_something() {
    for hazard in all() {
        let scenario = hazard.scenario().unwrap_or_else(|mistake| panic!("{mistake}"));
        assert_eq!(scenario.name(), hazard.id);
        assert!(scenario.file().description.ends_with('.'), "{}: no description", hazard.id);
        assert!(!scenario.world().portal.products.is_empty(), "{}: an empty catalog can't be lost", hazard.id);
        let expects = scenario.steps().iter().filter(|step| matches!(step, Step::Expect(_))).count();
        assert!(expects > 0, "{}: nothing is judged", hazard.id);
        assert!(matches!(scenario.steps().last(), Some(Step::Expect(_))), "{}: the last step is not judged", hazard.id);
    }
}

#[test]
fn every_fault_is_lifted_or_judged_to_the_end() {
    for hazard in all() {
        let scenario = hazard.scenario().unwrap();
        for step in scenario.steps() {
            if let Step::Lift(name) = step {
                let named = |step: &Step| matches!(step, Step::Fault(fault) if fault.name() == name);
                assert!(name == "all" || scenario.steps().iter().any(named), "{}: lifts {name}", hazard.id);
            }
        }
    }
}

#[test]
fn a_hazard_needs_the_clock_when_its_steps_move_it() {
    for hazard in all() {
        let moves = |step: &Step| matches!(step, Step::Clock(to) if !matches!(to, ClockMove::Skew(_)));
        let moved = hazard.scenario().unwrap().steps().iter().any(moves);
        assert_eq!(moved, hazard.need == Need::Clock, "{}", hazard.id);
    }
}

#[test]
fn every_page_has_a_title_of_its_own_and_the_same_parts() {
    let mut titles = HashSet::new();
    for hazard in all() {
        assert!(hazard.page.starts_with("# "), "{}: no title", hazard.id);
        assert!(titles.insert(hazard.title()), "{}: the title is another's", hazard.id);
        let parts: Vec<_> = hazard.page.lines().filter(|line| line.starts_with("## ")).collect();
        let wanted = ["## How it is known", "## Why it happens", "## What good looks like", "## How to mend it"];
        assert_eq!(parts, wanted, "{}", hazard.id);
        for mender in ["\n- Provider: ", "\n- Operator: "] {
            assert!(hazard.page.contains(mender), "{}: no{mender}", hazard.id);
        }
        let lines = hazard.page.lines().count();
        assert!((18..=40).contains(&lines), "{}: {lines} lines", hazard.id);
    }
}

#[test]
fn the_parts_follow_each_other() {
    let parted: Vec<_> = Part::ALL.into_iter().flat_map(Part::hazards).map(|hazard| hazard.id).collect();
    assert_eq!(parted, all().iter().map(|hazard| hazard.id).collect::<Vec<_>>());
}

#[test]
fn a_few_are_quick_and_run_on_any_subject() {
    let quick: Vec<_> = all().iter().filter(|hazard| hazard.is_quick).collect();
    assert!((5..=12).contains(&quick.len()), "{}", quick.len());
    assert!(quick.iter().all(|hazard| hazard.need == Need::Nothing));
}
