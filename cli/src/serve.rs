//! `iiptran serve`: the page of packet walkthroughs, to this computer alone.

use std::borrow::Cow;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;

use crate::command::ServeArguments;
use crate::failure::Failure;

/// Requests have no more than that before their end.
const LONGEST_REQUEST: u64 = 16 * 1024;

/// The page's files, as they were when this command was built; none if there was no page.
const PAGE: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// Where files come from.
#[derive(Clone)]
enum Page {
    Folder(PathBuf),
    Embedded,
}

/// Serves until the process is ended.
pub(crate) fn run(arguments: &ServeArguments) -> Result<(), Failure> {
    let page = match &arguments.folder {
        Some(folder) if folder.join("index.html").is_file() => Page::Folder(folder.clone()),
        Some(folder) => {
            let hint =
                "there is no index.html; cargo xtask wasm builds the page into wasm/www/dist";
            return Err(Failure::Input(format!("{}: {hint}", folder.display())));
        }
        None if PAGE.is_empty() => {
            let cause = "this command was built without the page; cargo xtask wasm builds it into \
                         wasm/www/dist: name that folder, or build the command again";
            return Err(Failure::Usage(cause.into()));
        }
        None => Page::Embedded,
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.port))
        .map_err(|error| Failure::Usage(format!("--port {}: {error}", arguments.port)))?;
    let address = format!("http://{}/", listener.local_addr()?);
    writeln!(anstream::stdout(), "{address}")?;
    if !arguments.no_open && open::that_detached(&address).is_err() {
        anstream::eprintln!("no browser could be opened; open {address} yourself");
    }
    for stream in listener.incoming() {
        let Ok(stream) = stream else {
            continue;
        };
        let page = page.clone();
        // A browser that goes away is no fault of the server.
        thread::spawn(move || drop(answer(stream, &page)));
    }
    Ok(())
}

impl Page {
    /// The contents of a request's file, and what they are.
    fn read(&self, target: &str) -> Option<(Cow<'static, [u8]>, &'static str)> {
        match self {
            Self::Folder(folder) => {
                let file = file(folder, target)?;
                Some((fs::read(&file).ok()?.into(), kind(&file)))
            }
            Self::Embedded => {
                let file = file(Path::new(""), target)?;
                let found = PAGE.iter().find(|(name, _)| Path::new(name) == file)?;
                Some((found.1.into(), kind(&file)))
            }
        }
    }
}

fn answer(stream: TcpStream, page: &Page) -> std::io::Result<()> {
    let mut reader = BufReader::new((&stream).take(LONGEST_REQUEST));
    let mut request = String::new();
    reader.read_line(&mut request)?;
    // What else the request says does not matter, but must have been read before the answer.
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        line.clear();
    }
    let mut words = request.split(' ');
    let (method, target) = (words.next(), words.next().unwrap_or_default());
    let (status, kind, body) = match (method, page.read(target)) {
        (Some("GET" | "HEAD"), Some((body, kind))) => ("200 OK", kind, body),
        (Some("GET" | "HEAD"), None) => ("404 Not Found", "text/plain", b"no such file\n".into()),
        _ => ("405 Method Not Allowed", "text/plain", Cow::default()),
    };
    let mut writer = &stream;
    write!(
        writer,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\
         X-Content-Type-Options: nosniff\r\nCache-Control: no-cache\r\n\r\n",
        body.len()
    )?;
    if method != Some("HEAD") {
        writer.write_all(&body)?;
    }
    writer.flush()
}

/// The file of a request, if it can be one of the folder: names that are plain, and nothing above it.
fn file(folder: &Path, target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?.strip_prefix('/')?;
    if path.is_empty() {
        return Some(folder.join("index.html"));
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let is_name =
        |part: &str| !part.starts_with('.') && !part.is_empty() && part.bytes().all(is_plain);
    path.split('/').all(is_name).then(|| folder.join(path))
}

/// What browsers want to be told of a file: a module is compiled while it comes only as what it is.
fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_the_folder_is_a_file() {
        let of = |target| file(Path::new("page"), target);
        assert_eq!(of("/"), Some("page/index.html".into()));
        assert_eq!(
            of("/assets/a-b_1.js?x#y"),
            Some("page/assets/a-b_1.js".into())
        );
        for target in [
            "/../x",
            "/a/../../x",
            "//etc/passwd",
            "/%2e%2e/x",
            "/a\\..\\x",
            "x",
            "",
            "/.git/x",
        ] {
            assert_eq!(of(target), None, "{target}");
        }
    }
}
