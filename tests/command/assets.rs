//! `understudy assets`: what packages are made of.

use std::fs;

use crate::understudy;

#[test]
fn it_writes_a_page_for_each_command_a_script_for_each_shell_and_the_roots() {
    let folder = tempfile::tempdir().unwrap();
    assert!(understudy().arg("assets").arg(folder.path()).status().unwrap().success());
    let read = |path: &str| fs::read_to_string(folder.path().join(path)).unwrap();
    assert!(read("man/understudy.1").contains("understudy\\-sync(1)"), "{}", read("man/understudy.1"));
    assert!(read("man/understudy-up.1").contains("UNDERSTUDY_PUBLIC_HOST"));
    for script in ["understudy.bash", "_understudy", "understudy.fish", "_understudy.ps1", "understudy.elv"] {
        assert!(read(&format!("completions/{script}")).contains("scenarios"), "{script}");
    }
    let roots = read("ca-certificates.crt");
    let roots =
        pem_rfc7468::decode_vec(roots.split_inclusive("-----END CERTIFICATE-----\n").next().unwrap().as_bytes());
    assert_eq!(roots.unwrap().0, "CERTIFICATE");
}

#[test]
fn the_help_does_not_list_it() {
    let help = understudy().arg("--help").output().unwrap();
    assert!(!String::from_utf8(help.stdout).unwrap().contains("assets"));
}
