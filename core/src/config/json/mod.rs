//! Documents as serde reads them: JSON whose faults know their field and their place.
//!
//! A type is compiled once for each deserializer that reads it, and there are many types: so this is the
//! only one, without parameters, and whatever does not depend on the type is a function of its own. A
//! value is its part of the text. Nothing of the text is copied, as there may be keys in it.

mod choice;
mod fault;
mod parts;
mod string;
mod value;

pub(super) use fault::{Fault, cause};
pub(super) use string::is_number;
pub(super) use value::Value;
