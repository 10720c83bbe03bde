//! Misuse of objects and buffers, where references to them may be many.

/// What is wrong with a call, and can only be in languages whose references share objects and memory. Its
/// names are apart from those of [`Misuse`](crate::Misuse).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OwnershipMisuse {
    /// Another thread uses the object.
    InUse,
    /// The object is somewhere else by now.
    HandedOver,
    /// Two packets of a burst share bytes.
    OverlappingBuffers,
}

impl OwnershipMisuse {
    /// Stable name, in kebab case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InUse => "in-use",
            Self::HandedOver => "handed-over",
            Self::OverlappingBuffers => "overlapping-buffers",
        }
    }

    /// What is wrong, in one sentence.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::InUse => "a burst uses the object, in another thread or in this call",
            Self::HandedOver => {
                "the SA was handed over to a SAD or a node, and must be removed from it first"
            }
            Self::OverlappingBuffers => "two packets of a burst share bytes",
        }
    }
}
