//! Fields whose values are of one kind or another.
//!
//! serde's own way to read alternatives is large, and there for each of them. Here a value is read as it is first,
//! which is compiled once.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;
use core::num::NonZeroU8;

use serde::de::value::SeqAccessDeserializer;
use serde::de::{
    Deserialize, DeserializeOwned, Deserializer, Error, Expected, IgnoredAny, IntoDeserializer,
    MapAccess, SeqAccess, Unexpected, Visitor,
};

use super::{
    DscpConfig, FlowLabelConfig, Number, OpaqueName, OrOpaque, TtlConfig, UdpPortConfig,
    WindowConfig,
};
use crate::SortedMap;

/// A value as it is, as far as one of the alternatives may be it.
enum Given {
    Number(u64),
    Text(String),
    Table(SortedMap<String, Self>),
    Other,
}

/// Reads each type from a value, or says what was expected.
macro_rules! alternatives {
    ($($type:ty, $expected:literal: $read:expr;)*) => {$(
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let read: fn(Given) -> Option<Self> = $read;
                read(Given::deserialize(deserializer)?)
                    .ok_or_else(|| D::Error::custom($expected))
            }
        }
    )*};
}

alternatives! {
    Number, "expected a number or a text": |value| match value {
        Given::Text(text) => Some(Self::Text(text)),
        value => number(&value).map(Self::Integer),
    };
    TtlConfig, "expected a TTL from 1 to 255, or \"inherit\"": |value| {
        let fixed = number(&value).and_then(NonZeroU8::new);
        fixed.map(Self::Fixed).or_else(|| word(&value).map(Self::Word))
    };
    DscpConfig, "expected \"copy\", a DSCP from 0 to 63, or a table of DSCPs": |value| match value {
        Given::Table(members) => {
            let member = |(name, value): (String, Given)| Some((name, number(&value)?));
            members.into_iter().map(member).collect::<Option<_>>().map(Self::Map)
        }
        value => number(&value).map(Self::Fixed).or_else(|| word(&value).map(Self::Word)),
    };
    FlowLabelConfig, "expected \"zero\", \"copy\", \"hash\", or a flow label of 20 bits": |value| {
        number(&value).map(Self::Fixed).or_else(|| word(&value).map(Self::Word))
    };
    UdpPortConfig, "expected a port, or \"off\"": |value| {
        number(&value).map(Self::Port).or_else(|| word(&value).map(Self::Word))
    };
    WindowConfig, "expected a window size, or \"off\"": |value| {
        number(&value).map(Self::Size).or_else(|| word(&value).map(Self::Word))
    };
}

/// A value is of another kind; nothing more of it is told.
#[derive(Debug)]
struct Mismatch;

impl Error for Mismatch {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("of another kind")
    }
}

impl core::error::Error for Mismatch {}

fn number<T: TryFrom<u64>>(value: &Given) -> Option<T> {
    match value {
        Given::Number(number) => T::try_from(*number).ok(),
        _ => None,
    }
}

/// One of the words that a type has.
fn word<T: DeserializeOwned>(value: &Given) -> Option<T> {
    match value {
        Given::Text(text) => named(text),
        _ => None,
    }
}

fn named<T: DeserializeOwned>(text: &str) -> Option<T> {
    let text: serde::de::value::StrDeserializer<'_, Mismatch> = text.into_deserializer();
    T::deserialize(text).ok()
}

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Given;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any value")
            }

            fn visit_bool<E>(self, _: bool) -> Result<Given, E> {
                Ok(Given::Other)
            }

            fn visit_i64<E>(self, number: i64) -> Result<Given, E> {
                Ok(number.try_into().map_or(Given::Other, Given::Number))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Given, E> {
                Ok(Given::Number(number))
            }

            fn visit_f64<E>(self, _: f64) -> Result<Given, E> {
                Ok(Given::Other)
            }

            fn visit_str<E>(self, text: &str) -> Result<Given, E> {
                Ok(Given::Text(text.into()))
            }

            fn visit_unit<E>(self) -> Result<Given, E> {
                Ok(Given::Other)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Given, A::Error> {
                while all.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Given::Other)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut all: A) -> Result<Given, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = all.next_entry()? {
                    members.push(member);
                }
                Ok(Given::Table(members.into_iter().collect()))
            }
        }

        deserializer.deserialize_any(Reader)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OrOpaque<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Reader<T> {
            /// None if it is neither.
            type Value = Option<OrOpaque<T>>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("values or a word")
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
                let read: Result<T, Mismatch> = T::deserialize(number.into_deserializer());
                Ok(read.ok().map(OrOpaque::Values))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                let word = named::<OpaqueName>(text).map(OrOpaque::Word);
                Ok(word.or_else(|| {
                    let read: Result<T, Mismatch> = T::deserialize(text.into_deserializer());
                    read.ok().map(OrOpaque::Values)
                }))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, values: A) -> Result<Self::Value, A::Error> {
                T::deserialize(SeqAccessDeserializer::new(values))
                    .map(|values| Some(OrOpaque::Values(values)))
            }
        }

        // What is wrong with a value is not told, but what may stand there.
        let read = deserializer.deserialize_any(Reader(PhantomData));
        read.ok()
            .flatten()
            .ok_or_else(|| D::Error::custom("expected values of this field, or \"opaque\""))
    }
}
