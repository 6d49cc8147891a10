//! The generated market: listings with names, terms and texts as a catalogue has them, the same for the same number every time.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::Deserialize;
use serde_json::json;

/// Listings of one supplier.
const OF_ONE: usize = 20;
/// Queries that are asked.
const QUERIES: usize = 480;
/// Further words that descriptions are made of, the first ones often and the last ones rarely.
const RARE_WORDS: usize = 40_000;
/// Distinct words of a description, about.
const WORDS: usize = 60;

const NOUNS: &[&str] = &[
    "valve",
    "pipe",
    "flange",
    "bearing",
    "pump",
    "motor",
    "gasket",
    "cable",
    "switch",
    "sensor",
    "relay",
    "bolt",
    "screw",
    "washer",
    "hinge",
    "lock",
    "handle",
    "profile",
    "sheet",
    "plate",
    "wire",
    "mesh",
    "filter",
    "hose",
    "coupling",
    "fitting",
    "gear",
    "chain",
    "belt",
    "roller",
    "cylinder",
    "compressor",
    "fan",
    "heater",
    "boiler",
    "tank",
    "drum",
    "pallet",
    "carton",
    "bag",
    "film",
    "tape",
    "label",
    "glove",
    "helmet",
    "boot",
    "jacket",
    "fabric",
    "yarn",
    "thread",
    "tile",
    "brick",
    "panel",
    "board",
    "lamp",
    "battery",
    "inverter",
    "charger",
    "transformer",
    "meter",
    "gauge",
    "scale",
    "mixer",
    "oven",
    "fryer",
    "kettle",
    "cup",
    "plate",
    "bowl",
];
const MATERIALS: &[&str] = &[
    "brass",
    "steel",
    "stainless",
    "copper",
    "aluminium",
    "bronze",
    "rubber",
    "silicone",
    "nylon",
    "polyester",
    "cotton",
    "ceramic",
    "glass",
    "oak",
    "bamboo",
    "carbon",
    "titanium",
    "zinc",
    "epoxy",
    "graphite",
];
const KINDS: &[&str] = &[
    "heavy",
    "industrial",
    "marine",
    "sanitary",
    "hydraulic",
    "pneumatic",
    "electric",
    "manual",
    "portable",
    "insulated",
    "galvanised",
    "polished",
    "welded",
    "seamless",
    "threaded",
    "flexible",
    "waterproof",
    "explosion",
    "precision",
    "compact",
];
const COUNTRIES: &[&str] =
    &["CN", "DE", "IN", "TR", "IT", "VN", "US", "ES", "PL", "BR", "JP", "KR", "MX", "TH", "NL", "FR"];

/// A listing as the peers read it back.
#[derive(Deserialize)]
pub struct Line {
    pub name: String,
    pub description: String,
    pub origin_country: String,
    pub sku: String,
}

/// Words like those of a trade nobody knows: pronounceable, and the same every time.
fn rare_words() -> Vec<String> {
    const HEADS: &[&str] = &[
        "ba", "ce", "dro", "fi", "gla", "hu", "kre", "lo", "mi", "ne", "pra", "quo", "ri", "sta", "tu", "vel", "wo",
        "zi",
    ];
    const TAILS: &[&str] =
        &["n", "ster", "lix", "mond", "tar", "vin", "dor", "kel", "sum", "pha", "rit", "gon", "bex", "lun"];
    let mut words = Vec::with_capacity(RARE_WORDS);
    'all: for first in HEADS {
        for second in HEADS {
            for third in HEADS {
                for tail in TAILS {
                    words.push(format!("{first}{second}{third}{tail}"));
                    if words.len() == RARE_WORDS {
                        break 'all;
                    }
                }
            }
        }
    }
    words
}

fn one_of<'a>(random: &mut StdRng, words: &[&'a str]) -> &'a str {
    words[random.random_range(0..words.len())]
}

/// Writes the market as a file for `tradepost load`; answers the queries.
pub fn write(file: &Path, listings: usize) -> Vec<String> {
    let mut random = StdRng::seed_from_u64(20_261_126);
    let mut out = BufWriter::new(File::create(file).unwrap());
    let rare = rare_words();
    let suppliers = listings.div_ceil(OF_ONE);
    for n in 0..suppliers {
        let country = COUNTRIES[n % COUNTRIES.len()];
        let company = json!({"type": "company", "ref": format!("s{n}"), "name": format!("Supplier {n} {}", rare[n % rare.len()]), "country": country});
        writeln!(out, "{company}").unwrap();
    }
    let mut queries = Vec::new();
    for n in 0..listings {
        let (kind, material, noun) =
            (one_of(&mut random, KINDS), one_of(&mut random, MATERIALS), one_of(&mut random, NOUNS));
        let model = format!(
            "{}{}-{}",
            (b'A' + (n % 26) as u8) as char,
            (b'A' + (n / 26 % 26) as u8) as char,
            random.random_range(100..9_999)
        );
        let name = format!("{kind} {material} {noun} {model}");
        let listing = json!({
            "type": "listing", "company": format!("s{}", n / OF_ONE), "sku": format!("N{n}"), "name": name,
            "description": description(&mut random, &rare), "mpn": model, "language": "en",
            "category": format!("{material} / {noun}"), "hs_code": format!("{:06}", 730_000 + random.random_range(0..2_000)),
            "attributes": {"Material": material, "Size": format!("{} mm", random.random_range(2..400))},
            "origin_country": one_of(&mut random, COUNTRIES),
            "price": {"min": {"amount": format!("{}.{:02}", random.random_range(1..900), random.random_range(0..100)), "currency": "USD"}, "unit": "C62"},
            "moq": {"value": random.random_range(1..5_000).to_string(), "unit": "C62"}, "lead_time_days": random.random_range(2..90),
            "incoterms": [{"rule": "FOB", "place": "Ningbo"}],
        });
        writeln!(out, "{listing}").unwrap();
        if n % (listings / QUERIES).max(1) == 0 && queries.len() < QUERIES {
            queries.push(match queries.len() % 4 {
                0 => format!("{material} {noun}"),
                1 => format!("{kind} {noun}"),
                2 => format!("{kind} {material} {noun}"),
                _ => format!("{noun} {}", rare[random.random_range(0..400)]),
            });
        }
    }
    out.flush().unwrap();
    queries
}

/// Words as texts have them: some in every other one, most in few.
fn description(random: &mut StdRng, rare: &[String]) -> String {
    let word = |random: &mut StdRng| {
        let part: f64 = random.random();
        rare[((part * part * part * part) * rare.len() as f64) as usize].as_str()
    };
    (0..WORDS).map(|_| word(random)).collect::<Vec<_>>().join(" ")
}

/// The listings of the file, one after the other.
pub fn read(file: &Path) -> impl Iterator<Item = Line> {
    let lines = BufReader::new(File::open(file).unwrap()).lines().map(Result::unwrap);
    lines.filter(|line| line.contains("\"sku\"")).map(|line| serde_json::from_str(&line).unwrap())
}
