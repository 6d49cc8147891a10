//! Chinese in its simplified form: texts of Taiwan and Hong Kong find those of the mainland, and the other way round.
//!
//! The table is `TSCharacters` of [OpenCC](https://github.com/BYVoid/OpenCC), Apache License 2.0, without the characters beyond the basic
//! plane and with the first form where it names several. Pairs of a traditional character and its simplified one, in the order of the former.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

const PAIRS: &str = include_str!("simplified.txt");

static TABLE: LazyLock<FxHashMap<char, char>> = LazyLock::new(|| {
    let mut signs = PAIRS.chars().filter(|c| *c != '\n');
    std::iter::from_fn(|| Some((signs.next()?, signs.next()?))).collect()
});

/// The simplified form of a Chinese character; itself where it has no other.
pub(super) fn simplified(c: char) -> char {
    TABLE.get(&c).copied().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_simplified() {
        let of = |text: &str| text.chars().map(simplified).collect::<String>();
        for (traditional, mainland) in [
            ("不鏽鋼螺絲", "不锈钢螺丝"),
            ("閥門", "阀门"),
            ("軸承", "轴承"),
            ("電纜", "电缆"),
            ("鋁合金", "铝合金"),
            ("閥", "阀"),
            ("馬達", "马达"),
            ("塑膠袋", "塑胶袋"),
            ("紙箱", "纸箱"),
            ("機器", "机器"),
        ] {
            assert_eq!(of(traditional), mainland);
        }
        assert_eq!(of("钢管 pipe ボルト"), "钢管 pipe ボルト");
        assert!(TABLE.len() > 2_000 && PAIRS.lines().count() > 10);
    }
}
