//! One of several alternatives.

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, Unexpected, VariantAccess, Visitor,
};

use super::fault::Fault;
use super::string::{Member, Str};
use super::value::Value;

/// One of several alternatives: its name, and its contents if it has any.
pub(super) struct Choice<'t> {
    name: Str<'t>,
    contents: Option<Value<'t>>,
    of: Value<'t>,
}

impl<'t> Choice<'t> {
    pub(super) fn new(value: Value<'t>) -> Result<Self, Fault> {
        let member = match value.first() {
            b'"' => (value.text()?, None),
            b'{' => {
                let members = value.deeper()?.named()?;
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
        let variant = read.map_err(|fault| fault.at(self.of.quote(&self.name.0)))?;
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
