//! The functions of a module: those that are the same once, and in the order in which they compress best.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::convert::Infallible;

use anyhow::{Context, Result};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, MemArg, Module};
use wasmparser::{
    CodeSectionReader, FunctionBody, FunctionSectionReader, Parser, Payload, TypeRef,
};

use crate::order::order;

/// A module that does the same.
///
/// Generic code is compiled for each type, and what comes of it is often alike, or the same. The linker
/// leaves it so, and the generator of bindings puts large functions first.
pub(crate) fn arrange(module: &[u8]) -> Result<Vec<u8>> {
    let functions = Functions::read(module)?;
    let mut arranger = Arranger::new(&functions)?;
    let texts = arranger.merge(&functions)?;
    arranger.place(&order(&texts))?;
    let mut arranged = Module::new();
    arranger.parse_core_module(&mut arranged, Parser::new(0), module)?;
    let arranged = arranged.finish();
    wasmparser::validate(&arranged).context("the arranged module")?;
    Ok(arranged)
}

/// The functions of a module, without those that it imports.
struct Functions<'m> {
    imported: u32,
    types: Vec<u32>,
    bodies: Vec<FunctionBody<'m>>,
}

impl<'m> Functions<'m> {
    fn read(module: &'m [u8]) -> Result<Self> {
        let mut functions = Self {
            imported: 0,
            types: Vec::new(),
            bodies: Vec::new(),
        };
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        if matches!(import?.ty, TypeRef::Func(_)) {
                            functions.imported += 1;
                        }
                    }
                }
                Payload::FunctionSection(section) => {
                    functions.types = section.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::CodeSectionEntry(body) => functions.bodies.push(body),
                _ => {}
            }
        }
        Ok(functions)
    }
}

/// What each function becomes.
struct Arranger {
    imported: u32,
    /// For each function that is read, the number of the one that is written for it. Until they have
    /// places, that is its number in the module that is read.
    numbers: Vec<u32>,
    /// The functions that are written, by their places in the code that is read.
    written: Vec<usize>,
}

impl Arranger {
    fn new(functions: &Functions<'_>) -> Result<Self> {
        let own = functions.bodies.len();
        Ok(Self {
            imported: functions.imported,
            numbers: (0..functions.imported + u32::try_from(own)?).collect(),
            written: (0..own).collect(),
        })
    }

    /// Lets one function stand for all that are the same, and gives the code of those that remain. Two
    /// may become the same once what they call has.
    fn merge(&mut self, functions: &Functions<'_>) -> Result<Vec<Vec<u8>>> {
        loop {
            let mut first = BTreeMap::new();
            let mut same = BTreeMap::new();
            let mut texts = Vec::new();
            for place in std::mem::take(&mut self.written) {
                let number = self.imported + u32::try_from(place)?;
                let text = self.text(&functions.bodies[place])?;
                match first.entry((functions.types[place], text.clone())) {
                    Entry::Occupied(stands) => {
                        same.insert(number, *stands.get());
                    }
                    Entry::Vacant(vacant) => {
                        vacant.insert(number);
                        self.written.push(place);
                        texts.push(text);
                    }
                }
            }
            if same.is_empty() {
                return Ok(texts);
            }
            for number in &mut self.numbers {
                *number = *same.get(number).unwrap_or(number);
            }
        }
    }

    /// Writes the functions in an order of them.
    fn place(&mut self, order: &[usize]) -> Result<()> {
        self.written = order.iter().map(|&place| self.written[place]).collect();
        let mut placed = BTreeMap::new();
        for (&place, number) in self.written.iter().zip(self.imported..) {
            placed.insert(self.imported + u32::try_from(place)?, number);
        }
        for number in &mut self.numbers {
            *number = *placed.get(number).unwrap_or(number);
        }
        Ok(())
    }

    /// The code of a function, with the functions it calls as they are numbered now.
    fn text(&mut self, body: &FunctionBody<'_>) -> Result<Vec<u8>, Error> {
        let mut function = self.new_function_with_parsed_locals(body)?;
        let mut reader = body.get_operators_reader()?;
        while !reader.eof() {
            function.instruction(&self.parse_instruction(&mut reader)?);
        }
        Ok(function.into_raw_body())
    }
}

impl Reencode for Arranger {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        Ok(self.numbers[function as usize])
    }

    /// What alignment a program hints at changes nothing that it does: it is always that of the type, so that
    /// code for packed bytes looks as any other.
    fn mem_arg(&mut self, read: wasmparser::MemArg) -> Result<MemArg, Error> {
        Ok(MemArg {
            offset: read.offset,
            align: read.max_align.into(),
            memory_index: self.memory_index(read.memory)?,
        })
    }

    fn parse_function_section(
        &mut self,
        section: &mut FunctionSection,
        read: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        let types = read.into_iter().collect::<Result<Vec<_>, _>>()?;
        for &place in &self.written {
            section.function(types[place]);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        section: &mut CodeSection,
        read: CodeSectionReader<'_>,
    ) -> Result<(), Error> {
        let bodies = read.into_iter().collect::<Result<Vec<_>, _>>()?;
        for place in self.written.clone() {
            section.raw(&self.text(&bodies[place])?);
        }
        Ok(())
    }
}
