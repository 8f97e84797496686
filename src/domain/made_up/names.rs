//! Names that nobody bears: a colour and a plant, and a second plant once all pairs are taken.

const COLOURS: [&str; 44] = [
    "Apricot",
    "Aquamarine",
    "Azure",
    "Beige",
    "Bronze",
    "Burgundy",
    "Celadon",
    "Cerise",
    "Cerulean",
    "Charcoal",
    "Chartreuse",
    "Cobalt",
    "Copper",
    "Cream",
    "Crimson",
    "Cyan",
    "Ebony",
    "Ecru",
    "Fawn",
    "Fuchsia",
    "Gamboge",
    "Indigo",
    "Ivory",
    "Khaki",
    "Lavender",
    "Lilac",
    "Magenta",
    "Maroon",
    "Mauve",
    "Ochre",
    "Periwinkle",
    "Russet",
    "Saffron",
    "Sepia",
    "Taupe",
    "Tawny",
    "Teal",
    "Turquoise",
    "Ultramarine",
    "Umber",
    "Vermilion",
    "Viridian",
    "Xanthic",
    "Zaffre",
];

const PLANTS: [&str; 51] = [
    "Acanthus",
    "Agave",
    "Alder",
    "Aspen",
    "Bamboo",
    "Bindweed",
    "Bracken",
    "Bramble",
    "Broom",
    "Bulrush",
    "Burdock",
    "Cactus",
    "Catnip",
    "Cedar",
    "Chicory",
    "Clover",
    "Comfrey",
    "Cowslip",
    "Cypress",
    "Dandelion",
    "Dogwood",
    "Edelweiss",
    "Elder",
    "Fennel",
    "Fern",
    "Foxglove",
    "Gorse",
    "Hawthorn",
    "Hemlock",
    "Hornbeam",
    "Horsetail",
    "Juniper",
    "Knapweed",
    "Larch",
    "Lichen",
    "Lupin",
    "Mistletoe",
    "Mugwort",
    "Nettle",
    "Plantain",
    "Ragwort",
    "Rowan",
    "Samphire",
    "Sorrel",
    "Spruce",
    "Tansy",
    "Teasel",
    "Thistle",
    "Willow",
    "Yarrow",
    "Yew",
];

/// How many names have one plant.
pub(super) const PAIRS: usize = COLOURS.len() * PLANTS.len();

/// Has no divisor in common with [`PAIRS`], so that all pairs come up before one does again, in no visible order.
const STEP: usize = 965;

/// The `n`-th name of a list that begins at the pair `first`; all up to [`super::MOST_PEOPLE`] differ.
pub(super) fn name(first: usize, n: usize) -> String {
    let pair = (first + n * STEP) % PAIRS;
    // The lengths of the lists have no divisor in common either: both remainders together are the pair.
    let (colour, plant) = (COLOURS[pair % COLOURS.len()], pair % PLANTS.len());
    match n / PAIRS {
        0 => format!("{colour} {}", PLANTS[plant]),
        round => format!("{colour} {}-{}", PLANTS[plant], PLANTS[(plant + round) % PLANTS.len()]),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use expect_test::expect;

    use super::*;
    use crate::domain::made_up::MOST_PEOPLE;

    #[test]
    fn nobody_bears_a_name_twice() {
        let names: HashSet<String> = (0..MOST_PEOPLE).map(|n| name(7, n)).collect();
        assert_eq!(names.len(), MOST_PEOPLE);
    }

    #[test]
    fn names_are_plainly_made_up() {
        let names = [0, 1, 2, PAIRS, MOST_PEOPLE - 1].map(|n| name(0, n)).join(", ");
        expect!["Apricot Acanthus, Viridian Thistle, Ultramarine Sorrel, Apricot Acanthus-Agave, Umber Willow-Rowan"]
            .assert_eq(&names);
    }
}
