//! The kernel that `IIPTRAN_ACCEL` names, beside what the operating system says of the CPU.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test may fail anywhere")]

use std::process::{Command, Output};

fn run(kernel: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iiptran"));
    let command = command.args(arguments).env("IIPTRAN_ACCEL", kernel);
    command.output().unwrap()
}

/// What Linux calls the instructions of each kernel.
fn is_there(kernel: &str) -> bool {
    let wanted: &[&str] = match kernel {
        "avx512" => &[
            "aes",
            "vaes",
            "vpclmulqdq",
            "avx512f",
            "avx512bw",
            "avx512vl",
        ],
        "avx2" => &["aes", "vaes", "vpclmulqdq", "avx2"],
        "aes-ni" => &["aes", "pclmulqdq", "ssse3", "sse4_1"],
        _ => &[],
    };
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap();
    let flags = info.lines().find(|line| line.starts_with("flags"));
    let flags: Vec<_> = flags.unwrap_or_default().split_whitespace().collect();
    wanted.iter().all(|flag| flags.contains(flag))
}

#[test]
fn a_kernel_that_the_cpu_has_runs_and_gives_the_same_bytes() {
    let expected = run("portable", &["walk", "--json"]);
    assert!(expected.status.success());
    for kernel in ["avx512", "avx2", "aes-ni"] {
        let output = run(kernel, &["walk", "--json"]);
        if is_there(kernel) {
            assert!(output.status.success(), "{kernel}");
            assert_eq!(output.stdout, expected.stdout, "{kernel}");
        } else {
            assert_eq!(output.status.code(), Some(2), "{kernel}");
        }
    }
}

#[test]
fn a_kernel_that_is_not_there_ends_with_2_and_the_names_that_are() {
    for arguments in [&["walk"][..], &["explain", "bad-icv"]] {
        let output = run("avx1024", arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty(), "nothing half-written");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(
            error.contains("IIPTRAN_ACCEL: no kernel \"avx1024\""),
            "{error}"
        );
        let names = error.trim().split_once("there are ").unwrap().1;
        let names: Vec<_> = names.split(", ").collect();
        for kernel in ["avx512", "avx2", "aes-ni", "portable"] {
            assert_eq!(names.contains(&kernel), is_there(kernel), "{error}");
        }
    }
    assert!(
        run("", &["explain", "bad-icv"]).status.success(),
        "empty is as not set"
    );
}
