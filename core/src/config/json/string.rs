//! What there is serde's JSON for: strings, numbers, the names of fields, and what is wrong with a text.

use alloc::borrow::Cow;
use alloc::string::ToString;
use core::fmt;

use serde::de::{
    Deserialize, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor,
};

use super::fault::{Fault, cause};

pub(super) type Member<'t> = (Str<'t>, &'t str);

/// A string, borrowed if there is no escape in it.
#[derive(Clone)]
pub(super) struct Str<'t>(pub(super) Cow<'t, str>);

/// Anything. serde's JSON is asked for nothing else, as what tells that a text is of another kind than was
/// asked for would be there a second time.
pub(super) enum Anything<'t> {
    Text(Str<'t>),
    Number(Unexpected<'static>),
    /// Nothing of it is kept.
    Other,
}

impl<'t> Anything<'t> {
    pub(super) fn read(text: &'t str) -> Result<Self, Fault> {
        serde_json::from_str(text).map_err(|error| Fault::custom(cause(&error)))
    }
}

/// Whether a text is a number, and a finite one.
pub(in crate::config) fn is_number(text: &str) -> bool {
    matches!(Anything::read(text), Ok(Anything::Number(_)))
}

impl<'t> Str<'t> {
    pub(super) fn read(text: &'t str) -> Result<Self, Fault> {
        match Anything::read(text)? {
            Anything::Text(text) => Ok(text),
            _ => Err(Fault::custom("expected a string")),
        }
    }

    pub(super) fn visit<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Fault> {
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

impl<'de> Deserialize<'de> for Anything<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Anything<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any value")
            }

            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Anything::Other)
            }

            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Anything::Number(Unexpected::Signed(number)))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                Ok(Anything::Number(Unexpected::Unsigned(number)))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
                Ok(Anything::Number(Unexpected::Float(number)))
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Anything::Text(Str(Cow::Borrowed(text))))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Anything::Text(Str(Cow::Owned(text.to_string()))))
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Anything::Other)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Self::Value, A::Error> {
                while all.next_element::<Anything<'_>>()?.is_some() {}
                Ok(Anything::Other)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut all: A) -> Result<Self::Value, A::Error> {
                while all.next_entry::<Anything<'_>, Anything<'_>>()?.is_some() {}
                Ok(Anything::Other)
            }
        }

        deserializer.deserialize_any(Reader)
    }
}
