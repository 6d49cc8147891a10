//! What units measure.

/// What a unit measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// Kilograms and their like.
    Mass,
    /// Metres.
    Length,
    /// Square metres.
    Area,
    /// Litres and cubic metres.
    Volume,
    /// Pieces, pairs, dozens.
    Count,
    /// Kilowatt hours.
    Energy,
}
