//! Documents as serde reads them: JSON whose faults know their field and their place.
//!
//! A type is compiled once for each deserializer that reads it, and there are many types: so this is the
//! only one, without parameters, and whatever does not depend on the type is a function of its own. A
//! value is its part of the text. Nothing of the text is copied, as there may be keys in it.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error, Expected,
    IntoDeserializer, MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde_json::Number;
use serde_json::value::RawValue;

use super::ConfigError;

/// How deep values may be inside each other.
const DEPTH: u8 = 128;

/// What is wrong, and where in the text.
#[derive(Debug)]
pub(super) struct Fault(Box<(ConfigError, Option<usize>)>);

/// A value: its part of a text whose syntax is right.
#[derive(Clone, Copy)]
pub(super) struct Value<'t> {
    text: &'t str,
    /// Where the value is in the whole text.
    start: usize,
    depth: u8,
}

/// The members of an object, or the elements of an array, one after the other.
struct Parts<'t, T> {
    parts: alloc::vec::IntoIter<T>,
    /// The value of the member whose name was given out.
    member: Option<Member<'t>>,
    of: Value<'t>,
    number: usize,
}

type Member<'t> = (Str<'t>, &'t RawValue);

/// A string, borrowed if there is no escape in it.
#[derive(Clone)]
struct Str<'t>(Cow<'t, str>);

/// The members of an object, in their order.
struct Members<'t>(Vec<Member<'t>>);

/// One of several alternatives: its name, and its contents if it has any.
struct Choice<'t> {
    name: Str<'t>,
    contents: Option<Value<'t>>,
    of: Value<'t>,
}

impl<'t> Value<'t> {
    /// The value that a text is.
    pub(super) fn read(text: &'t str) -> serde_json::Result<Self> {
        let raw: &RawValue = match serde_json::from_str(text) {
            Ok(raw) => raw,
            // What passes over values has fewer words for what is wrong with them than what reads them.
            Err(error) => {
                let read = serde_json::from_str::<serde_json::Value>(text);
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
    pub(super) fn document<T: Deserialize<'t>>(self) -> Result<T, Fault> {
        T::deserialize(self).map_err(|fault| fault.at(self.start))
    }

    fn first(self) -> u8 {
        self.text.as_bytes().first().copied().unwrap_or_default()
    }

    /// A part of this value.
    fn part(self, raw: &'t RawValue) -> Self {
        Self {
            text: raw.get(),
            start: self.place(raw.get()),
            depth: self.depth.saturating_add(1),
        }
    }

    /// Where in the whole text a part of this value is.
    fn place(self, part: &str) -> usize {
        let inside = part.as_ptr().addr().wrapping_sub(self.text.as_ptr().addr());
        if inside < self.text.len() {
            self.start.saturating_add(inside)
        } else {
            self.start
        }
    }

    fn parse<T: Deserialize<'t>>(self) -> Result<T, Fault> {
        serde_json::from_str(self.text).map_err(|error| Fault::custom(cause(&error)))
    }

    fn string(self, expected: &dyn Expected) -> Result<Str<'t>, Fault> {
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
        Ok(self.parts(members))
    }

    fn elements(self, expected: &dyn Expected) -> Result<Parts<'t, &'t RawValue>, Fault> {
        if self.first() != b'[' {
            return Err(self.other(expected));
        }
        let elements = self.deeper()?.parse()?;
        Ok(self.parts(elements))
    }

    fn parts<T>(self, parts: Vec<T>) -> Parts<'t, T> {
        Parts {
            parts: parts.into_iter(),
            member: None,
            of: self,
            number: 0,
        }
    }

    fn deeper(self) -> Result<Self, Fault> {
        if self.depth < DEPTH {
            Ok(self)
        } else {
            Err(Fault::custom("recursion limit exceeded"))
        }
    }

    /// The value is of another kind.
    fn other(self, expected: &dyn Expected) -> Fault {
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
        match elements.parts.len() {
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

impl<'t> Parts<'t, &'t RawValue> {
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

impl<'de> SeqAccess<'de> for &mut Parts<'de, &'de RawValue> {
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
        let place = value.map_or_else(|| self.of.place(name), |value| value.start);
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

impl<'t> Choice<'t> {
    fn new(value: Value<'t>) -> Result<Self, Fault> {
        let member = match value.first() {
            b'"' => (value.parse()?, None),
            b'{' => {
                let Members(members) = value.deeper()?.parse()?;
                match <[Member<'t>; 1]>::try_from(members) {
                    Ok([(name, raw)]) => (name, Some(value.part(raw))),
                    Err(_) => return Err(Fault::custom("expected value")),
                }
            }
            _ => return Err(Fault::custom("expected value")),
        };
        let (name, contents) = member;
        Ok(Self {
            name,
            contents,
            of: value,
        })
    }

    fn contents(self, kind: &str) -> Result<(Value<'t>, Str<'t>), Fault> {
        match self.contents {
            Some(contents) => Ok((contents, self.name)),
            None => Err(Fault::invalid_type(Unexpected::UnitVariant, &kind)),
        }
    }
}

impl<'de> EnumAccess<'de> for Choice<'de> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Fault> {
        let read = seed.deserialize(self.name.clone());
        let variant = read.map_err(|fault| fault.at(self.of.place(&self.name.0)))?;
        Ok((variant, self))
    }
}

impl<'de> VariantAccess<'de> for Choice<'de> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        match self.contents {
            None => Ok(()),
            Some(contents) if contents.first() == b'n' => Ok(()),
            Some(contents) => Err(contents.other(&"unit")),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        let (contents, name) = self.contents("newtype variant")?;
        let fault = |fault: Fault| fault.at(contents.start).inside(&name.0);
        seed.deserialize(contents).map_err(fault)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        let (contents, name) = self.contents("tuple variant")?;
        let fault = |fault: Fault| fault.at(contents.start).inside(&name.0);
        contents.deserialize_seq(visitor).map_err(fault)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let (contents, name) = self.contents("struct variant")?;
        let fault = |fault: Fault| fault.at(contents.start).inside(&name.0);
        contents.deserialize_map(visitor).map_err(fault)
    }
}

impl<'t> Str<'t> {
    fn visit<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0 {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }
}

/// Names of fields, some of which are numbers.
impl<'de> Deserializer<'de> for Str<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.visit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_enum((&*self.0).into_deserializer())
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'de> Deserialize<'de> for Str<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Str<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Str(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Str(Cow::Owned(text.to_string())))
            }
        }

        deserializer.deserialize_str(Reader)
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Reader)
    }
}

impl Fault {
    /// The place in the text, if a deeper one is not known.
    fn at(mut self, place: usize) -> Self {
        self.0.1.get_or_insert(place);
        self
    }

    fn inside(mut self, outer: &str) -> Self {
        self.0.0 = self.0.0.inside(outer);
        self
    }

    /// The error, and where in the text it is.
    pub(super) fn into_error(self) -> (ConfigError, Option<usize>) {
        *self.0
    }
}

impl Error for Fault {
    fn custom<T: fmt::Display>(cause: T) -> Self {
        Self(Box::new((ConfigError::at(".", cause), None)))
    }

    // In the words of JSON: `null`, not "unit value".
    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(cause(&serde_json::Error::invalid_type(
            unexpected, expected,
        )))
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(cause(&serde_json::Error::invalid_value(
            unexpected, expected,
        )))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.0.fmt(f)
    }
}

impl de::StdError for Fault {}

/// What an error says, without the place that follows.
pub(super) fn cause(error: &serde_json::Error) -> alloc::string::String {
    let text = error.to_string();
    let suffix = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&suffix).unwrap_or(&text).to_string()
}
