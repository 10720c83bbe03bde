use std::path::PathBuf;
use std::{env, fs, process};

use super::build::{Built, Candidate};
use super::goals::{GOALS, Goal};
use super::program::{Announcement, parse_answer};
use super::record::Run;
use super::{contest, page, table};

/// A recording, shortened.
const RECORDED: &str = include_str!("../../testdata/run.json");

fn recorded() -> Run {
    Run::parse(RECORDED).unwrap()
}

#[test]
fn a_recording_is_read_and_written_without_a_change() {
    assert_eq!(recorded().to_json().unwrap(), RECORDED);
}

#[test]
fn a_broken_recording_says_where() {
    for (right, wrong, error) in [
        (
            "raw/aes-128-gcm/64/seal",
            "raw/aes-128-gcm/64",
            "GROUP/WHAT/SIZE/VARIANT",
        ),
        (
            "\"median\": 17.22",
            "\"median\": 7.22",
            "minimum 16.25 and median 7.22",
        ),
        ("\"rounds\"", "\"round\"", "unknown field `round`"),
        (
            "\"minimum\": 16.25",
            "\"minimum\": null",
            "expected f64 at line 27",
        ),
    ] {
        let broken = RECORDED.replacen(right, wrong, 1);
        let fault = format!("{:#}", Run::parse(&broken).unwrap_err());
        assert!(fault.contains(error), "{fault}");
    }
}

#[test]
fn a_table_has_minima_medians_and_ratios() {
    let text = table::of(&recorded());
    let lines: Vec<_> = text.lines().collect();
    // 16.25 / 29.41, 16.25 / 80.41 and 16.25 / 92.00.
    let seal = "      64 seal                16.2 (17.2)      29.4 (30.3)  x0.55      80.4 (81.4)  x0.20      92.0 (92.7)  x0.18";
    assert!(lines.contains(&seal), "{text}");
    let node = "      64 out                   292 (297)";
    assert!(lines.contains(&node), "{text}");
    let absent = "not there: esp/chacha20-poly1305 of boringtun: cargo build: exit status: 101";
    assert!(lines.contains(&absent), "{text}");
}

#[test]
fn a_goal_is_reached_missed_or_unknown() {
    let run = recorded();
    let verdicts = |title: &str| -> Vec<String> {
        let named = |goal: &&Goal| goal.title == title;
        let goal = GOALS.iter().find(named).unwrap();
        goal.standings(&run).iter().map(|it| it.verdict()).collect()
    };
    // 16.25 / 29.41 is 22.8 % more than 0.45; 115.81 / 129.28 is less than 0.95.
    let raw = verdicts("raw AES-128-GCM");
    assert_eq!(raw[0], "missed by 23 %");
    assert_eq!(raw[2], "unknown: IIPtran: not measured");
    assert_eq!(raw[5], "reached");
    // 291.69 / 64.47 is 503.3 % more than 0.75.
    assert_eq!(
        verdicts("whole node against the SA alone")[0],
        "missed by 504 %"
    );
    // Ours is missing as well, and is told first.
    let chacha = &verdicts("ESP by an SA, ChaCha20-Poly1305")[0];
    assert_eq!(chacha, "unknown: IIPtran: not measured");
}

#[test]
fn plots_are_svg_with_every_figure_in_its_place() {
    let run = recorded();
    let plots = page::plots(&run);
    let names: Vec<_> = plots.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "goals",
            "raw-aes-128-gcm",
            "esp-aes-128-gcm",
            "node-iiptran"
        ]
    );
    for (name, plot) in &plots {
        let svg = plot.to_svg();
        let document = roxmltree::Document::parse(&svg).unwrap();
        let root = document.root_element();
        let size = |name: &str| root.attribute(name).unwrap().parse::<f64>().unwrap();
        let (width, height) = (size("width"), size("height"));
        for element in root.descendants() {
            for (side, end) in [("x", width), ("cx", width), ("x2", width), ("y", height)] {
                let place = element.attribute(side);
                let place = place.and_then(|place| place.parse::<f64>().ok());
                let inside = place.is_none_or(|place| (0.0..=end).contains(&place));
                assert!(inside, "{name}: {element:?}");
            }
        }
        let circles = root.descendants().filter(|it| it.has_tag_name("circle"));
        let ours: usize = plot
            .lines
            .iter()
            .flat_map(|line| &line.dots)
            .filter(|dot| dot.series == 0)
            .count();
        // One more is in the legend.
        assert_eq!(circles.count(), ours + 1, "{name}");
    }
}

#[test]
fn what_is_faster_is_further_left() {
    let run = recorded();
    let plots = page::plots(&run);
    let svg = plots[1].1.to_svg();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let tails: Vec<f64> = document
        .descendants()
        .filter(|it| {
            it.attribute("class")
                .is_some_and(|it| it.starts_with("tail"))
        })
        .take(4)
        .map(|it| it.attribute("x1").unwrap().parse().unwrap())
        .collect();
    // 16.25, 29.41, 80.41 and 92.00.
    assert!(tails.is_sorted(), "{tails:?}");
    let logarithms = (29.41_f64 / 16.25).ln() / (80.41_f64 / 16.25).ln();
    let places = (tails[1] - tails[0]) / (tails[2] - tails[0]);
    assert!((logarithms - places).abs() < 1e-3, "{logarithms} {places}");
}

#[test]
fn a_program_that_says_something_else_is_not_understood() {
    let mut announcement = Announcement::default();
    assert!(announcement.take("row\traw/x/64/seal\tIPsec-MB").unwrap());
    assert!(
        announcement
            .take("value\tbuild/x/10/ms\trte_acl\t4.5")
            .unwrap()
    );
    assert!(!announcement.take("ready").unwrap());
    assert_eq!(announcement.rows.len(), 1);
    assert_eq!(announcement.values[0].2, 4.5);
    for line in ["", "row\tx", "value\tx\ty\tz", "EAL: no memory"] {
        assert!(announcement.take(line).is_err(), "{line:?}");
    }
    assert_eq!(parse_answer("1.5\t2.25\n").unwrap(), (1.5, 2.25));
    for line in ["\n", "1.5\n", "1.5\tx\n"] {
        assert!(parse_answer(line).is_err(), "{line:?}");
    }
}

/// A program in the shell's language.
fn program(name: &'static str, script: &str, is_peer: bool) -> Candidate {
    Candidate {
        name,
        command: ["sh", "-c", script].map(String::from).into(),
        rows: &[("raw", "a peer")],
        is_peer,
        picks: false,
    }
}

fn hold(name: &str, peer: &str) -> anyhow::Result<Run> {
    let ours = "printf 'about\\tIIPtran\\t1\\nrow\\traw/x/64/seal\\tIIPtran\\nready\\n'; \
                n=3; while read row; do n=$((n - 1)); printf '%s\\t%s\\n' $n $((n + 4)); done";
    let logs: PathBuf = env::temp_dir().join(format!("iiptran-{name}-{}", process::id()));
    fs::create_dir_all(&logs)?;
    let programs = vec![program("ours", ours, false), program("peer", peer, true)];
    let built = Built {
        programs,
        absent: Vec::new(),
        logs: logs.clone(),
    };
    let run = contest::hold(built, 0, 3, &[]);
    fs::remove_dir_all(&logs)?;
    run
}

#[test]
fn turns_are_handed_out_and_summed_up() {
    let peer = "printf 'row\\traw/x/64/seal\\ta peer\\nready\\n'; \
                while read row; do printf '5\\t6\\n'; done";
    let run = hold("turns", peer).unwrap();
    // Ours answered 2 and 6, 1 and 5, 0 and 4.
    let ours = run.find("raw/x/64/seal", "IIPtran").unwrap();
    assert_eq!((ours.minimum, ours.median), (0.0, 5.0));
    let peers = run.find("raw/x/64/seal", "a peer").unwrap();
    assert_eq!((peers.minimum, peers.median), (5.0, 6.0));
    assert_eq!(run.absent, []);
}

#[test]
fn a_peer_that_fails_is_absent_and_says_why() {
    let late = "printf 'row\\traw/x/64/seal\\ta peer\\nready\\n'; \
                read row; printf '5\\t6\\n'; read row; echo 'no more memory' >&2; exit 3";
    let early = "echo 'no more memory' >&2; exit 3";
    for (name, script) in [("late", late), ("early", early)] {
        let run = hold(name, script).unwrap();
        assert!(run.find("raw/x/64/seal", "IIPtran").is_some());
        assert!(run.find("raw/x/64/seal", "a peer").is_none());
        let why = run.why_absent("raw/x/64/seal", "a peer").unwrap();
        let told = why.contains("exit status: 3") && why.contains("no more memory");
        assert!(told, "{why}");
    }
}
