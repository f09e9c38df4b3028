//! `--report KIND=FILE`: reports of a run, written into files.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use understudy::play::report::{RunReport, html, json, junit};

use super::failure::Failure;
use super::talk::Talk;

/// A report that a run is to write: `html=report.html`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ReportOption {
    kind: Kind,
    file: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Junit,
    Json,
    Html,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Junit, Self::Json, Self::Html];

    fn word(self) -> &'static str {
        match self {
            Self::Junit => "junit",
            Self::Json => "json",
            Self::Html => "html",
        }
    }

    fn render(self, report: &RunReport) -> String {
        match self {
            Self::Junit => junit::render(report),
            Self::Json => json::render(report),
            Self::Html => html::render(report),
        }
    }
}

/// Why an option can't be used. It is told before anything is played: a run may take minutes.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ReportOptionError {
    #[error("it has the form KIND=FILE, such as `html=report.html`; the kinds are junit, json and html")]
    Form,
    #[error("there is no report of the kind `{0}`{hint} The kinds are junit, json and html", hint = did_you_mean(.0))]
    Kind(String),
    #[error("the {0} report needs a file, such as `{0}=report.{extension}`", extension = if *.0 == "junit" { "xml" } else { .0 })]
    NoFile(&'static str),
    #[error("standard output has the verdicts already; name a file for the {0} report")]
    Stdout(&'static str),
    #[error("there is no folder `{folder}` for the report; make it first, with `mkdir -p '{folder}'`", folder = .0.display())]
    NoFolder(PathBuf),
    #[error("`{}` is a folder; name a file in it", .0.display())]
    Folder(PathBuf),
}

fn did_you_mean(word: &str) -> String {
    let word = word.to_lowercase();
    let near = Kind::ALL.into_iter().find(|kind| strsim::damerau_levenshtein(&word, kind.word()) <= 1);
    near.map_or_else(|| ".".to_owned(), |kind| format!(": did you mean `{}`?", kind.word()))
}

impl FromStr for ReportOption {
    type Err = ReportOptionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (word, file) = text.split_once('=').ok_or(ReportOptionError::Form)?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.word() == word);
        let kind = kind.ok_or_else(|| ReportOptionError::Kind(word.to_owned()))?;
        match file {
            "" => return Err(ReportOptionError::NoFile(kind.word())),
            "-" => return Err(ReportOptionError::Stdout(kind.word())),
            _ => {}
        }
        let file = PathBuf::from(file);
        if file.is_dir() {
            return Err(ReportOptionError::Folder(file));
        }
        match file.parent() {
            Some(folder) if folder != Path::new("") && !folder.is_dir() => {
                Err(ReportOptionError::NoFolder(folder.to_owned()))
            }
            _ => Ok(Self { kind, file }),
        }
    }
}

impl fmt::Display for ReportOption {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}={}", self.kind.word(), self.file.display())
    }
}

/// Makes sure, before anything is played, that no two reports go into one file.
pub(super) fn check(options: &[ReportOption]) -> Result<(), Failure> {
    for (index, option) in options.iter().enumerate() {
        if let Some(other) = options[..index].iter().find(|other| other.file == option.file) {
            return Err(Failure::Usage(format!(
                "`--report {other}` and `--report {option}` would write into the same file; name another for one of them"
            )));
        }
    }
    Ok(())
}

/// Writes all of the reports, and says where they are.
pub(super) fn write(report: &RunReport, options: &[ReportOption], talk: Talk) -> Result<(), Failure> {
    for ReportOption { kind, file } in options {
        fs::write(file, kind.render(report)).map_err(|error| {
            Failure::Usage(format!("can't write the {} report to {}: {error}", kind.word(), file.display()))
        })?;
        talk.say(format_args!("{} report: {}", kind.word(), file.display()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::LogFormat;
    use super::*;

    fn mistake(text: &str) -> String {
        text.parse::<ReportOption>().unwrap_err().to_string()
    }

    #[test]
    fn a_kind_that_is_not_there_is_told_with_the_nearest() {
        insta::assert_snapshot!(mistake("jnuit=a.xml"), @"there is no report of the kind `jnuit`: did you mean `junit`? The kinds are junit, json and html");
        insta::assert_snapshot!(mistake("pdf=a.pdf"), @"there is no report of the kind `pdf`. The kinds are junit, json and html");
    }

    #[test]
    fn an_option_without_its_file_is_told() {
        insta::assert_snapshot!(mistake("report.html"), @"it has the form KIND=FILE, such as `html=report.html`; the kinds are junit, json and html");
        insta::assert_snapshot!(mistake("junit="), @"the junit report needs a file, such as `junit=report.xml`");
        insta::assert_snapshot!(mistake("json=-"), @"standard output has the verdicts already; name a file for the json report");
    }

    #[test]
    fn a_folder_that_is_not_there_is_told_before_the_run() {
        insta::assert_snapshot!(mistake("html=no/such/folder/report.html"), @"there is no folder `no/such/folder` for the report; make it first, with `mkdir -p 'no/such/folder'`");
        insta::assert_snapshot!(mistake("html=src"), @"`src` is a folder; name a file in it");
    }

    #[test]
    fn two_reports_do_not_go_into_one_file() {
        let options = ["html=a".parse().unwrap(), "json=a".parse().unwrap()];
        let Err(Failure::Usage(message)) = check(&options) else { panic!("it was taken") };
        insta::assert_snapshot!(message, @"`--report html=a` and `--report json=a` would write into the same file; name another for one of them");
        assert!(check(&options[..1]).is_ok());
    }

    #[test]
    fn each_report_is_written_into_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let option = |kind: &str| format!("{kind}={}", path(kind).display()).parse::<ReportOption>().unwrap();
        let options = ["junit", "json", "html"].map(option);
        let report = RunReport {
            version: "0",
            subject: "provider".to_owned(),
            suite: None,
            seed: 0,
            scenarios: Vec::new(),
            elapsed: Duration::ZERO,
        };
        assert!(write(&report, &options, Talk::new(true, false, LogFormat::Text)).is_ok());
        let begin = |name: &str| fs::read_to_string(path(name)).unwrap().chars().take(15).collect::<String>();
        assert_eq!(["junit", "json", "html"].map(begin), ["<?xml version=\"", "{\n  \"schema\": 1", "<!DOCTYPE html>"]);
    }
}
