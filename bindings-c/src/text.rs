//! Texts that the library gives away.

use alloc::string::String;

use iiptran_host::ConfigError;

use crate::iiptran_words_t;
use crate::pointer::{free, input};

/// A document that the library made: JSON in UTF-8.
#[derive(Debug)]
pub struct iiptran_text_t(pub(crate) String);

/// What is wrong with a document, and where.
#[derive(Debug)]
pub struct iiptran_config_error_t(ConfigError);

impl From<ConfigError> for iiptran_config_error_t {
    fn from(error: ConfigError) -> Self {
        Self(error)
    }
}

fn words<T>(handle: *const T, of: impl FnOnce(&T) -> &str) -> iiptran_words_t {
    input(handle).map_or("", of).into()
}

/// The characters of a text, until it is freed; none of NULL. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_text_words(text: *const iiptran_text_t) -> iiptran_words_t {
    words(text, |text| &text.0)
}

/// Frees a text; NULL is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_text_free(text: *mut iiptran_text_t) {
    free(text);
}

/// The field that is wrong, such as "virtual-links[0].protection.outbound.key", until the error is freed;
/// "." for the whole document. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_config_error_path(
    error: *const iiptran_config_error_t,
) -> iiptran_words_t {
    words(error, |error| &error.0.path)
}

/// What is wrong with it, until the error is freed. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_config_error_cause(
    error: *const iiptran_config_error_t,
) -> iiptran_words_t {
    words(error, |error| &error.0.cause)
}

/// The line of the document, from 1; 0 if the fault is not in the text itself. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_config_error_line(error: *const iiptran_config_error_t) -> usize {
    let position = input(error).ok().and_then(|error| error.0.position);
    position.map_or(0, |position| position.line)
}

/// The column of the document, from 1; 0 if the fault is not in the text itself. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_config_error_column(
    error: *const iiptran_config_error_t,
) -> usize {
    let position = input(error).ok().and_then(|error| error.0.position);
    position.map_or(0, |position| position.column)
}

/// Frees a config error; NULL is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_config_error_free(error: *mut iiptran_config_error_t) {
    free(error);
}
