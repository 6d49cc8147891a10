//! What tantivy's own query parser finds over the same texts: the mark that `tradepost evaluate` measures the product against.

use tantivy::collector::TopDocs;
use tantivy::query::QueryParser;
use tantivy::schema::{Field, STORED, Schema, TEXT, Value as _};
use tantivy::{Index, IndexReader, TantivyDocument};

use super::SearchError;

/// The texts of a listing, in the order of the fields below.
pub type Texts = [String; 6];

const FIELDS: [&str; 6] = ["name", "brand", "mpn", "description", "attributes", "gtin"];
const WRITER_BYTES: usize = 100_000_000;

/// An index in memory with the default analysis, searched by the default parser: any word, no boosts.
pub struct Baseline {
    reader: IndexReader,
    parser: QueryParser,
    key: Field,
}

impl Baseline {
    /// Indexes the texts under their keys.
    pub fn build(listings: impl Iterator<Item = (String, Texts)>) -> Result<Self, SearchError> {
        let mut schema = Schema::builder();
        let fields = FIELDS.map(|name| schema.add_text_field(name, TEXT));
        let key = schema.add_text_field("key", STORED);
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, WRITER_BYTES)?;
        for (name, texts) in listings {
            let mut document = TantivyDocument::default();
            for (field, text) in fields.iter().zip(&texts) {
                document.add_text(*field, text);
            }
            document.add_text(key, name);
            writer.add_document(document)?;
        }
        writer.commit()?;
        let parser = QueryParser::for_index(&index, fields.to_vec());
        Ok(Self { reader: index.reader()?, parser, key })
    }

    /// The keys of the best `most` listings.
    pub fn search(&self, text: &str, most: usize) -> Result<Vec<String>, SearchError> {
        let searcher = self.reader.searcher();
        let (query, _) = self.parser.parse_query_lenient(text);
        let top = searcher.search(&query, &TopDocs::with_limit(most).order_by_score())?;
        top.into_iter()
            .map(|(_, address)| {
                let document: TantivyDocument = searcher.doc(address)?;
                Ok(document.get_first(self.key).and_then(|value| value.as_str()).unwrap_or_default().to_owned())
            })
            .collect()
    }
}
