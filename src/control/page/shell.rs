//! The shell: the page before anything of the stage is on it.

use maud::{DOCTYPE, Markup, html};

/// The parts that the script fetches, in the order in which a reader meets them, with what links to them are called.
const SECTIONS: [(&str, &str); 6] = [
    ("catalog", "Catalog"),
    ("journal", "Journal"),
    ("paste", "To paste"),
    ("world", "World"),
    ("clock", "Clock"),
    ("faults", "Faults"),
];

/// The page for whoever has shown no token yet. It is the same for everybody.
pub(super) fn shell() -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { "Understudy" }
                link rel="icon" type="image/svg+xml" href="/page/icon.svg";
                link rel="stylesheet" href="/page/style.css";
                script src="/page/script.js" defer {}
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                header { div.page {
                    p.brand { "Understudy" }
                    div #stage data-part="stage" { h1 { "A stage is up" } }
                } }
                nav #sections aria-label="Sections" hidden { ul.page {
                    @for (id, name) in SECTIONS { li { a href={ "#" (id) } { (name) } } }
                } }
                main #main tabindex="-1" {
                    noscript { div.card {
                        h2 { "This page needs JavaScript" }
                        p { "What it shows, the control API tells too, with the token that is printed beside its address:" }
                        pre { "curl -H \"Authorization: Bearer $TOKEN\" " "localhost:31070" }
                        p { a href="/openapi.json" { "The OpenAPI document of the control API" } }
                    } }
                    (entry())
                    div #parts hidden {
                        div.column {
                            section #catalog .card data-part="catalog" aria-labelledby="catalog-title" {}
                            (journal())
                            section #paste .card data-part="paste" aria-labelledby="paste-title" {}
                            section #world .card data-part="world" aria-labelledby="world-title" {}
                        }
                        div.column {
                            section #clock .card data-part="clock" aria-labelledby="clock-title" {}
                            section #faults .card data-part="faults" aria-labelledby="faults-title" {}
                        }
                    }
                }
                footer.page { p {
                    "Every button is a request of the " a href="/openapi.json" { "control API" } ". Times are in UTC, by the stage's clock."
                } }
                div #told role="status" aria-live="polite" {}
            }
        }
    }
}

/// Where the token is given by hand. The script shows it where the address has none.
fn entry() -> Markup {
    html! {
        section #entry .card aria-labelledby="entry-title" hidden {
            h2 #entry-title { "The token, please" }
            p #entry-hint {
                "Open the address that " code { "understudy up" } " prints as " code { "page" } ", or paste the token that it \
                 prints beside " code { "control" } ". It stays in this tab."
            }
            p #entry-refused .told role="alert" hidden {
                "The stage does not take this token: it may have been started anew since."
            }
            form #entry-form {
                label for="entry-token" { "Token" }
                input #entry-token type="password" autocomplete="off" required aria-describedby="entry-hint";
                button type="submit" { "Open" }
            }
            p { "Programs need no page: " a href="/openapi.json" { "the OpenAPI document of the control API" } "." }
        }
    }
}

/// The journal, whose rows the script makes of the journal's own stream.
fn journal() -> Markup {
    html! {
        section #journal .card aria-labelledby="journal-title" {
            h2 #journal-title tabindex="-1" { "Journal" }
            div.tools {
                fieldset.filter {
                    legend { "Show the requests to" }
                    @for (value, name) in [("all", "both"), ("portal", "portal"), ("idp", "identity provider")] {
                        input id={ "show-" (value) } type="radio" name="show" value=(value) checked[value == "all"];
                        label for={ "show-" (value) } { (name) }
                    }
                    input #only-wrong type="checkbox" name="only-wrong";
                    label for="only-wrong" { "only what went wrong" }
                }
                button #journal-clear type="button" data-method="DELETE" data-path="/journal" data-done="The journal is empty" { "Clear" }
            }
            p #journal-empty .muted { "Nothing was asked yet." }
            div #journal-scroll .scroll tabindex="0" role="log" aria-live="polite" aria-relevant="additions" aria-label="Requests, the newest first" hidden {
                table {
                    thead { tr {
                        th scope="col" { "Time" } th scope="col" { "Server" } th scope="col" { "Request" }
                        th scope="col" { "Answer" } th scope="col" { "What it was" } th.number scope="col" { "Took" }
                    } }
                    tbody #journal-rows {}
                }
            }
        }
    }
}
