//! What stands in a document twice is told where it stands for the second time.

use alloc::format;
use alloc::string::String;

use crate::config::NodeConfig;

/// Path and cause of the fault of a document with these networks, links and whatever follows.
fn fault(networks: &str, links: &str, rest: &str) -> (String, String) {
    let wan = r#"{ name = "wan", addresses = ["192.0.2.1/24", "192.0.2.5/24"] }"#;
    let document = format!(
        "arrangement = \"iiptran\"\nnetworks = [{{ name = \"base\" }}, {{ name = \"vn\" }}{networks}]\n\
         links = [{wan}{links}]\n{rest}"
    );
    let config = NodeConfig::from_toml(&document);
    match config.and_then(|config| config.compile()) {
        Ok(_) => Default::default(),
        Err(error) => (error.path, error.cause),
    }
}

#[test]
fn names_addresses_and_ends_are_there_once() {
    let tunnel = |name, remote| {
        let ends = format!("local = \"192.0.2.1\"\nremote = \"{remote}\"");
        format!("[[virtual-links]]\nname = \"{name}\"\nnetwork = \"vn\"\n{ends}\n")
    };
    let tunnels =
        |last| [("z", "192.0.2.9"), ("a", "192.0.2.2"), last].map(|(name, to)| tunnel(name, to));
    let policy = |name| format!("[[policies]]\nname = \"{name}\"\naction = \"bypass\"\n");
    let cases = [
        (
            r#", { name = "a" }, { name = "vn" }"#,
            "",
            String::new(),
            "networks[3]",
            "same name",
        ),
        (
            "",
            r#", { name = "a" }, { name = "wan" }"#,
            String::new(),
            "links[2]",
            "same name",
        ),
        (
            "",
            r#", { name = "a", addresses = ["10.0.0.1/8", "192.0.2.5/32"] }"#,
            String::new(),
            "links[1]",
            "another link of this network has the same address",
        ),
        // Their policies have the same names, too.
        (
            "",
            "",
            tunnels(("a", "192.0.2.3")).concat(),
            "networks[0]",
            "policies 1 and 2",
        ),
        (
            "",
            "",
            tunnels(("m", "192.0.2.9")).concat(),
            "virtual-links[2]",
            "another tunnel has the same two ends",
        ),
        (
            "",
            "",
            ["z", "a", "m", "a"].map(policy).concat(),
            "networks[0]",
            "policies 1 and 3",
        ),
    ];
    for (networks, links, rest, path, cause) in cases {
        let found = fault(networks, links, &rest);
        assert_eq!(found.0, path, "{networks}{links}{rest}: {}", found.1);
        assert!(found.1.contains(cause), "{}", found.1);
    }
    // In another network an address may be there again, and so may ends.
    let elsewhere = r#", { name = "lan", network = "vn", addresses = ["192.0.2.5/24"] }"#;
    let fine = fault("", elsewhere, &tunnels(("m", "192.0.2.3")).concat());
    assert_eq!(fine.1, "");
}
