//! Reports of a run as JUnit, JSON and HTML.

mod fixture;
mod html;
mod json;
mod junit;
