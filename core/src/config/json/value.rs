//! Values of a text, and serde's way to read them.

use alloc::vec::Vec;

use serde::de::{Deserialize, Deserializer, Error, Expected, IgnoredAny, Unexpected, Visitor};

use super::choice::Choice;
use super::fault::Fault;
use super::parts::{Inside, Parts};
use super::string::{Anything, Member, Str};

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
        // What passes over values has fewer words for what is wrong with them than what reads them.
        if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
            let read = serde_json::from_str::<Anything<'_>>(text);
            return Err(read.err().unwrap_or(error));
        }
        const SPACES: [char; 4] = [' ', '\t', '\n', '\r'];
        let value = text.trim_start_matches(SPACES);
        Ok(Self {
            text: value.trim_end_matches(SPACES),
            start: text.len().saturating_sub(value.len()),
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
    pub(super) fn part(self, part: &'t str) -> Self {
        Self {
            text: part,
            start: self.place(part),
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

    /// Where in the whole text a name in this value begins, with its quote.
    pub(super) fn quote(self, name: &str) -> usize {
        self.place(name).saturating_sub(1).max(self.start)
    }

    fn string(self, expected: &dyn Expected) -> Result<Str<'t>, Fault> {
        if self.first() == b'"' {
            self.text()
        } else {
            Err(self.other(expected))
        }
    }

    /// What is a string.
    pub(super) fn text(self) -> Result<Str<'t>, Fault> {
        Str::read(self.text)
    }

    fn number(self, expected: &dyn Expected) -> Result<Unexpected<'static>, Fault> {
        if let b'-' | b'0'..=b'9' = self.first()
            && let Anything::Number(number) = Anything::read(self.text)?
        {
            Ok(number)
        } else {
            Err(self.other(expected))
        }
    }

    fn members(self, expected: &dyn Expected) -> Result<Parts<'t, Member<'t>>, Fault> {
        if self.first() != b'{' {
            return Err(self.other(expected));
        }
        Ok(Parts::new(self, self.deeper()?.named()?))
    }

    /// The members of an object.
    pub(super) fn named(self) -> Result<Vec<Member<'t>>, Fault> {
        let mut members = Vec::new();
        let mut inside = self.inside();
        while let (Some(name), Some(value)) = (inside.next(), inside.next()) {
            members.push((Str::read(name)?, value));
        }
        Ok(members)
    }

    fn inside(self) -> Inside<'t> {
        Inside(self.text.get(1..).unwrap_or_default())
    }

    fn elements(self, expected: &dyn Expected) -> Result<Parts<'t, &'t str>, Fault> {
        if self.first() != b'[' {
            return Err(self.other(expected));
        }
        let elements = self.deeper()?.inside().collect();
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
            b'[' => is(Unexpected::Seq),
            b'{' => is(Unexpected::Map),
            _ => match Anything::read(self.text) {
                Ok(Anything::Text(Str(text))) => is(Unexpected::Str(&text)),
                Ok(Anything::Number(number)) => is(number),
                // What is neither is told by its first letter.
                Ok(Anything::Other) => is(Unexpected::Other("value")),
                Err(fault) => fault,
            },
        }
    }
}

macro_rules! numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            match self.number(&visitor)? {
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
            _ => match self.number(&visitor)? {
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
        let number = match self.number(&visitor)? {
            Unexpected::Unsigned(number) => number as f64,
            Unexpected::Signed(number) => number as f64,
            Unexpected::Float(number) => number,
            _ => 0.0,
        };
        visitor.visit_f64(number)
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

#[cfg(test)]
mod tests {
    use super::Value;

    #[test]
    fn parts_are_those_of_serde_json() {
        for text in [
            r#"{"a":[1,2,{"b":"]},:\"\\"}],"\u0063\"":"x" , "d" : {} , "e":[ ] }"#,
            " [ -1.5e3 ,true,null,\t\"\\\\\",[[]],\n{\"\":[{}]} ,0] ",
            r#""\u00e9,""#,
            " 17 ",
        ] {
            let read: serde_json::Value = Value::read(text).unwrap().document().unwrap();
            let expected: serde_json::Value = serde_json::from_str(text).unwrap();
            assert_eq!(read, expected, "{text}");
        }
    }
}
