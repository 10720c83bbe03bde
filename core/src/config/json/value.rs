//! Values of a text, and serde's way to read them.

use serde::de::{Deserialize, Deserializer, Error, Expected, Unexpected, Visitor};
use serde_json::Number;
use serde_json::value::RawValue;

use super::choice::Choice;
use super::fault::{Fault, cause};
use super::parts::Parts;
use super::string::{Anything, Member, Members, Str};

/// How deep values may be inside each other.
const DEPTH: u8 = 128;

/// A value: its part of a text whose syntax is right.
#[derive(Clone, Copy)]
pub(in crate::config) struct Value<'t> {
    text: &'t str,
    /// Where the value is in the whole text.
    pub(super) start: usize,
    depth: u8,
}

impl<'t> Value<'t> {
    /// The value that a text is.
    pub(in crate::config) fn read(text: &'t str) -> serde_json::Result<Self> {
        let raw: &RawValue = match serde_json::from_str(text) {
            Ok(raw) => raw,
            // What passes over values has fewer words for what is wrong with them than what reads them.
            Err(error) => {
                let read = serde_json::from_str::<Anything>(text);
                return Err(read.err().unwrap_or(error));
            }
        };
        Ok(Self {
            text: raw.get(),
            start: raw
                .get()
                .as_ptr()
                .addr()
                .saturating_sub(text.as_ptr().addr()),
            depth: 0,
        })
    }

    /// Reads a document.
    pub(in crate::config) fn document<T: Deserialize<'t>>(self) -> Result<T, Fault> {
        T::deserialize(self).map_err(|fault| fault.at(self.start))
    }

    pub(super) fn first(self) -> u8 {
        self.text.as_bytes().first().copied().unwrap_or_default()
    }

    /// A part of this value.
    pub(super) fn part(self, raw: &'t RawValue) -> Self {
        Self {
            text: raw.get(),
            start: self.place(raw.get()),
            depth: self.depth.saturating_add(1),
        }
    }

    /// Where in the whole text a part of this value is.
    pub(super) fn place(self, part: &str) -> usize {
        let inside = part.as_ptr().addr().wrapping_sub(self.text.as_ptr().addr());
        if inside < self.text.len() {
            self.start.saturating_add(inside)
        } else {
            self.start
        }
    }

    pub(super) fn parse<T: Deserialize<'t>>(self) -> Result<T, Fault> {
        serde_json::from_str(self.text).map_err(|error| Fault::custom(cause(&error)))
    }

    pub(super) fn string(self, expected: &dyn Expected) -> Result<Str<'t>, Fault> {
        if self.first() == b'"' {
            self.parse()
        } else {
            Err(self.other(expected))
        }
    }

    fn number(self, expected: &dyn Expected) -> Result<Number, Fault> {
        if matches!(self.first(), b'-' | b'0'..=b'9') {
            self.parse()
        } else {
            Err(self.other(expected))
        }
    }

    fn members(self, expected: &dyn Expected) -> Result<Parts<'t, Member<'t>>, Fault> {
        if self.first() != b'{' {
            return Err(self.other(expected));
        }
        let Members(members) = self.deeper()?.parse()?;
        Ok(Parts::new(self, members))
    }

    fn elements(self, expected: &dyn Expected) -> Result<Parts<'t, &'t RawValue>, Fault> {
        if self.first() != b'[' {
            return Err(self.other(expected));
        }
        let elements = self.deeper()?.parse()?;
        Ok(Parts::new(self, elements))
    }

    pub(super) fn deeper(self) -> Result<Self, Fault> {
        if self.depth < DEPTH {
            Ok(self)
        } else {
            Err(Fault::custom("recursion limit exceeded"))
        }
    }

    /// The value is of another kind.
    pub(super) fn other(self, expected: &dyn Expected) -> Fault {
        let is = |unexpected: Unexpected<'_>| Fault::invalid_type(unexpected, expected);
        match self.first() {
            b'n' => is(Unexpected::Unit),
            b't' => is(Unexpected::Bool(true)),
            b'f' => is(Unexpected::Bool(false)),
            b'"' => self
                .parse()
                .map_or_else(|fault| fault, |Str(text)| is(Unexpected::Str(&text))),
            b'[' => is(Unexpected::Seq),
            b'{' => is(Unexpected::Map),
            _ => match self.parse::<Number>() {
                Ok(number) => is(unexpected(&number)),
                Err(fault) => fault,
            },
        }
    }
}

fn unexpected(number: &Number) -> Unexpected<'static> {
    if let Some(number) = number.as_u64() {
        Unexpected::Unsigned(number)
    } else if let Some(number) = number.as_i64() {
        Unexpected::Signed(number)
    } else {
        Unexpected::Float(number.as_f64().unwrap_or_default())
    }
}

macro_rules! numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            match unexpected(&self.number(&visitor)?) {
                Unexpected::Unsigned(number) => visitor.visit_u64(number),
                Unexpected::Signed(number) => visitor.visit_i64(number),
                other => Err(Fault::invalid_type(other, &visitor)),
            }
        }
    )*};
}

macro_rules! strings {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            self.string(&visitor)?.visit(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Value<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.first() {
            b'{' => self.deserialize_map(visitor),
            b'[' => self.deserialize_seq(visitor),
            b'"' => self.string(&visitor)?.visit(visitor),
            b't' => visitor.visit_bool(true),
            b'f' => visitor.visit_bool(false),
            b'n' => visitor.visit_unit(),
            _ => match unexpected(&self.number(&visitor)?) {
                Unexpected::Unsigned(number) => visitor.visit_u64(number),
                Unexpected::Signed(number) => visitor.visit_i64(number),
                Unexpected::Float(number) => visitor.visit_f64(number),
                other => Err(Fault::invalid_type(other, &visitor)),
            },
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.first() {
            b't' => visitor.visit_bool(true),
            b'f' => visitor.visit_bool(false),
            _ => Err(self.other(&visitor)),
        }
    }

    numbers! {
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let number = self.number(&visitor)?.as_f64();
        visitor.visit_f64(number.unwrap_or_default())
    }

    strings! { deserialize_char deserialize_str deserialize_string deserialize_identifier }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.first() == b'n' {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let mut elements = self.elements(&visitor)?;
        let value = visitor.visit_seq(&mut elements)?;
        match elements.left() {
            0 => Ok(value),
            _ => Err(Fault::custom("there are more elements than belong here")),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let mut members = self.members(&visitor)?;
        visitor.visit_map(&mut members)
    }

    // An array of fields in their order is no document.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_enum(Choice::new(self)?)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! { f32 bytes byte_buf unit unit_struct tuple_struct }
}
