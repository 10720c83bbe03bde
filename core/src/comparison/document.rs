//! The document that a comparison is.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use crate::walkthrough::{Hex, Lookup, Outcome, Walkthrough};

/// The matrix of RFC 3884 section 4.2, with the evidence for each cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Comparison {
    /// The scenario that was run.
    pub scenario: String,
    /// The arrangements.
    pub columns: Vec<Column>,
    /// What they are compared in.
    pub rows: Vec<Row>,
}

/// An arrangement that is compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Column {
    /// Its word in documents.
    pub arrangement: String,
    /// What RFC 3884 calls it.
    pub title: String,
}

/// A question, and what each arrangement answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Row {
    /// A name for programs.
    pub name: &'static str,
    /// What is compared.
    pub title: &'static str,
    /// The question, and how it is answered.
    pub question: &'static str,
    /// An answer for each arrangement.
    pub cells: Vec<Cell>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Cell {
    /// The arrangement.
    pub arrangement: String,
    /// The answer, in few words.
    pub answer: String,
    /// Whether it speaks for the arrangement.
    pub standing: Standing,
    /// Why, for a network engineer.
    pub explanation: String,
    /// What it follows from.
    pub evidence: Vec<Evidence>,
}

/// What an answer means for an arrangement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It works, or nothing has to change.
    Good,
    /// It works at a price, or otherwise than it did.
    Qualified,
    /// It does not work.
    Bad,
    /// There is nothing to say.
    Open,
}

/// Something that a run showed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Evidence {
    /// What was done and seen.
    pub title: String,
    /// Figures and other facts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<String>,
    /// The packet as it came to the node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packet: Option<Hex>,
    /// What the node did with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<EvidenceStep>,
    /// The packet as the node left it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<Hex>,
    /// The verdict.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// A step of a packet's way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct EvidenceStep {
    /// The kind of step: a name of [`crate::trace::Stage`].
    pub stage: &'static str,
    /// The network in which the packet was.
    pub network: String,
    /// What happened, in one sentence.
    pub title: String,
    /// Which clause asks for it.
    pub clause: &'static str,
    /// The table that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lookup: Option<Lookup>,
}

impl Evidence {
    pub(super) fn facts(title: impl Into<String>, facts: Vec<String>) -> Self {
        Self {
            title: title.into(),
            facts,
            ..Self::default()
        }
    }

    pub(super) fn walk(title: impl Into<String>, walk: &Walkthrough) -> Self {
        let steps = walk.steps.iter().map(|step| EvidenceStep {
            stage: step.stage,
            network: step.network.clone(),
            title: step.title.clone(),
            clause: step.clause,
            lookup: step.lookup.clone(),
        });
        Self {
            title: title.into(),
            facts: Vec::new(),
            packet: walk.steps.first().map(|step| step.packet.clone()),
            steps: steps.collect(),
            left: walk.steps.last().map(|step| step.packet.clone()),
            outcome: walk.outcome.clone(),
        }
    }
}

impl Comparison {
    /// The matrix as a table of Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut text = String::from("| |");
        for column in &self.columns {
            text += &format!(" {}<br>`{}` |", column.title, column.arrangement);
        }
        text += "\n| --- |";
        for _ in &self.columns {
            text += " --- |";
        }
        text.push('\n');
        for row in &self.rows {
            text += &format!("| **{}** |", row.title);
            for cell in &row.cells {
                text += &format!(" {} |", cell.answer);
            }
            text.push('\n');
        }
        text
    }
}
