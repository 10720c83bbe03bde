//! What is inside objects and arrays.

use alloc::format;
use alloc::vec::{IntoIter, Vec};

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess};

use super::fault::Fault;
use super::string::{Member, Str};
use super::value::Value;

/// The members of an object, or the elements of an array, one after the other.
pub(super) struct Parts<'t, T> {
    parts: IntoIter<T>,
    /// The value of the member whose name was given out.
    member: Option<Member<'t>>,
    of: Value<'t>,
    number: usize,
}

impl<'t, T> Parts<'t, T> {
    pub(super) fn new(of: Value<'t>, parts: Vec<T>) -> Self {
        Self {
            parts: parts.into_iter(),
            member: None,
            of,
            number: 0,
        }
    }

    /// How many were not given out.
    pub(super) fn left(&self) -> usize {
        self.parts.len()
    }
}

impl<'t> Parts<'t, &'t str> {
    fn next(&mut self) -> Option<Value<'t>> {
        let element = self.of.part(self.parts.next()?);
        self.number = self.number.saturating_add(1);
        Some(element)
    }

    /// A fault of the element that was given out last.
    fn fault(&self, element: Value<'t>, fault: Fault) -> Fault {
        let number = self.number.saturating_sub(1);
        fault.at(element.start).inside(&format!("[{number}]"))
    }
}

impl<'de> SeqAccess<'de> for &mut Parts<'de, &'de str> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Fault> {
        let Some(element) = self.next() else {
            return Ok(None);
        };
        match seed.deserialize(element) {
            Ok(value) => Ok(Some(value)),
            Err(fault) => Err(self.fault(element, fault)),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.parts.len())
    }
}

impl<'t> Parts<'t, Member<'t>> {
    fn next(&mut self) -> Option<Str<'t>> {
        let member = self.parts.next()?;
        let (name, _) = self.member.insert(member);
        Some(name.clone())
    }

    /// The value of the member whose name was given out last.
    fn value(&self) -> Result<Value<'t>, Fault> {
        match &self.member {
            Some((_, raw)) => Ok(self.of.part(raw)),
            None => Err(Fault::custom("a value without a name")),
        }
    }

    /// A fault of that member: of its value, or of its name.
    fn fault(&self, value: Option<Value<'t>>, fault: Fault) -> Fault {
        let name = self.member.as_ref().map_or("", |(name, _)| &name.0);
        let place = value.map_or_else(|| self.of.quote(name), |value| value.start);
        fault.at(place).inside(name)
    }
}

impl<'de> MapAccess<'de> for &mut Parts<'de, Member<'de>> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        let Some(name) = self.next() else {
            return Ok(None);
        };
        match seed.deserialize(name) {
            Ok(name) => Ok(Some(name)),
            Err(fault) => Err(self.fault(None, fault)),
        }
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Fault> {
        let value = self.value()?;
        match seed.deserialize(value) {
            Ok(value) => Ok(value),
            Err(fault) => Err(self.fault(Some(value), fault)),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.parts.len())
    }
}

/// What is between the brackets of an object or an array whose syntax is right: names and values by turns, or
/// elements.
pub(super) struct Inside<'t>(pub(super) &'t str);

impl<'t> Iterator for Inside<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let rest = self.0.trim_start_matches([' ', '\t', '\n', '\r', ',', ':']);
        let (part, rest) = rest.split_at_checked(length(rest.as_bytes()))?;
        self.0 = rest;
        (!part.is_empty()).then_some(part)
    }
}

/// How long the value is that a text begins with; 0 if a bracket is closed there.
fn length(text: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut bytes = text.iter().copied().zip(1..);
    while let Some((byte, length)) = bytes.next() {
        match byte {
            b'"' => {
                let mut end = length;
                while let Some((byte, length)) = bytes.next() {
                    end = length;
                    match byte {
                        b'\\' => _ = bytes.next(),
                        b'"' => break,
                        _ => {}
                    }
                }
                if depth == 0 {
                    return end;
                }
            }
            b'{' | b'[' => depth = depth.saturating_add(1),
            b'}' | b']' if depth > 1 => depth = depth.saturating_sub(1),
            b'}' | b']' if depth == 1 => return length,
            b'}' | b']' | b',' | b' ' | b'\t' | b'\n' | b'\r' if depth == 0 => {
                return length.saturating_sub(1);
            }
            _ => {}
        }
    }
    text.len()
}
