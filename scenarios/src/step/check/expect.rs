//! Expectations that say something, and nothing that can't be.

use super::{Outcome, StepError, check_method, check_path};
use crate::load::trail::{Trail, trail};
use crate::load::wording::quoted;
use crate::{EntityWish, Expect, RequestWish};

pub(super) fn check(expect: &Expect) -> Outcome {
    if *expect == Expect::default() {
        let help = "such as `catalog: same`, `contains: [petstore-v1]` or `error: told`";
        return Err(StepError::at(trail!["expect"], "this expects nothing").help(help));
    }
    if let Some(position) = expect.lacks.iter().position(|api| expect.contains.contains(api)) {
        let api = quoted(expect.lacks[position].as_str());
        let message = format!("the catalog can't both contain {api} and lack it");
        return Err(StepError::at(trail!["expect", "lacks", position], message));
    }
    for (position, wish) in expect.entities.iter().enumerate() {
        check_entity(wish, &trail!["expect", "entities", position])?;
    }
    for (position, wish) in expect.requests.iter().enumerate() {
        check_requests(wish, &trail!["expect", "requests", position])?;
    }
    Ok(())
}

fn check_entity(wish: &EntityWish, at: &Trail) -> Outcome {
    if wish.has.is_empty() {
        let help = "such as `has: {metadata.title: Pet store}`";
        return Err(StepError::at(at.then("has"), "this expects nothing of the entity").help(help));
    }
    if let Some(member) = wish.has.keys().find(|member| member.split('.').any(str::is_empty)) {
        let message = format!("a member is named by its path, such as `spec.lifecycle`, found {}", quoted(member));
        return Err(StepError::at_key(at.then("has").then(&**member), message));
    }
    Ok(())
}

fn check_requests(wish: &RequestWish, at: &Trail) -> Outcome {
    if let Some(method) = &wish.method {
        check_method(method, || at.then("method"))?;
    }
    if let Some(path) = &wish.path {
        check_path(path, || at.then("path"))?;
    }
    match (wish.at_least, wish.at_most, wish.not_before) {
        (None, None, None) => Err(StepError::at(at.clone(), "this expects nothing of the requests")
            .help("say `atMost`, `atLeast` or `notBefore`")),
        (Some(least), Some(most), _) if least > most => Err(StepError::at(
            at.then("atLeast"),
            format!("`atLeast` is {least} and `atMost` is {most}: nothing can be both"),
        )),
        (.., Some(lapse)) if lapse.0.is_negative() => {
            Err(StepError::at(at.then("notBefore"), format!("this can't go back in time, found `{lapse}`")))
        }
        (Some(0), None, None) => {
            Err(StepError::at(at.then("atLeast"), "`atLeast: 0` always holds").help("say `atMost: 0` for none"))
        }
        _ => Ok(()),
    }
}
