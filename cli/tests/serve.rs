//! The page from a folder, as a browser would get it.

use std::error::Error;
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

type Outcome = Result<(), Box<dyn Error>>;

fn ask(address: &str, request: &str) -> Result<String, Box<dyn Error>> {
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "{request} HTTP/1.1\r\nHost: {address}\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// Starts a server, asks it, and ends it; a server that ends by itself has told why.
fn served(arguments: &[&OsStr], check: impl FnOnce(&str) -> Outcome) -> Outcome {
    let mut server = Command::new(env!("CARGO_BIN_EXE_iiptran"))
        .arg("serve")
        .args(arguments)
        .args(["--port", "0", "--no-open"])
        .stdout(Stdio::piped())
        .spawn()?;
    let checked = (|| -> Outcome {
        let mut line = String::new();
        let output = server.stdout.take().ok_or("no output")?;
        BufReader::new(output).read_line(&mut line)?;
        let address = line.trim().strip_prefix("http://").ok_or("no address")?;
        check(address.trim_end_matches('/'))
    })();
    server.kill()?;
    server.wait()?;
    checked
}

#[test]
fn files_of_the_folder_are_served_and_nothing_else() -> Outcome {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("secret"), "outside")?;
    let page = folder.path().join("page");
    fs::create_dir(&page)?;
    fs::write(page.join("index.html"), "<p>the page</p>")?;
    fs::write(page.join("a.wasm"), "module")?;
    served(&[page.as_os_str()], |address| {
        assert!(address.starts_with("127.0.0.1:"), "{address}");
        let index = ask(address, "GET /")?;
        assert!(index.starts_with("HTTP/1.1 200"), "{index}");
        assert!(index.ends_with("<p>the page</p>"), "{index}");
        assert!(ask(address, "GET /a.wasm")?.contains("application/wasm"));
        assert!(ask(address, "HEAD /a.wasm")?.ends_with("\r\n\r\n"));
        assert!(ask(address, "GET /../secret")?.starts_with("HTTP/1.1 404"));
        assert!(ask(address, "POST /")?.starts_with("HTTP/1.1 405"));
        Ok(())
    })
}

/// The command has the page if it was there when the command was built; else it tells how to get it.
#[test]
fn without_a_folder_the_page_inside_is_served_or_the_way_to_it_is_told() -> Outcome {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wasm/www/dist/index.html");
    if let Ok(index) = fs::read_to_string(page) {
        return served(&[], |address| {
            assert!(ask(address, "GET /")?.ends_with(&index));
            Ok(())
        });
    }
    let output = Command::new(env!("CARGO_BIN_EXE_iiptran"))
        .args(["serve", "--port", "0", "--no-open"])
        .output()?;
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("built without the page"), "{told}");
    assert!(told.contains("cargo xtask wasm"), "{told}");
    Ok(())
}

#[test]
fn a_folder_without_a_page_is_refused() -> Outcome {
    let folder = tempfile::tempdir()?;
    let output = Command::new(env!("CARGO_BIN_EXE_iiptran"))
        .arg("serve")
        .arg(folder.path())
        .output()?;
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no index.html"));
    Ok(())
}
