//! Things to trade with, as the API takes them: complete and valid, to be changed by the test that needs it otherwise.

use serde_json::{Value, json};

use super::client::{Answer, Client};

/// A listing of a brass ball valve.
pub fn listing(sku: &str) -> Value {
    json!({
        "sku": sku,
        "name": format!("Brass ball valve {sku}"),
        "description": "Full-bore ball valve of forged brass with a lever handle, tested with air at 6 bar.",
        "language": "en",
        "hs_code": "848180",
        "category": "Fittings / Valves / Ball valves",
        "attributes": {"Size": "DN20", "Material": "CW617N", "Pressure": "PN25"},
        "origin_country": "CN",
        "price": {"min": {"amount": "3.20", "currency": "USD"}, "max": {"amount": "3.90", "currency": "USD"}, "unit": "C62"},
        "moq": {"value": "500", "unit": "C62"},
        "lead_time_days": 30,
        "incoterms": [{"rule": "FOB", "place": "Ningbo", "locode": "CNNGB"}],
        "payment_terms": ["TT_DEPOSIT"],
        "certifications": [{"scheme": "ISO 9001"}]
    })
}

/// An RFQ for such valves.
pub fn rfq(title: &str) -> Value {
    json!({
        "title": title,
        "specification": "Brass ball valves DN20, PN25, with lever handle; marking on the body; test report for each lot.",
        "hs_code": "848180",
        "category": "Fittings / Valves / Ball valves",
        "quantity": {"value": "5000", "unit": "C62"},
        "target_price": {"amount": "3.50", "currency": "USD"},
        "incoterm": "FOB",
        "destination_country": "DE",
        "language": "en"
    })
}

/// A quote for such an RFQ.
pub fn quote(unit_price: &str) -> Value {
    json!({
        "unit_price": {"amount": unit_price, "currency": "USD"},
        "price_unit": "C62",
        "quantity": {"value": "5000", "unit": "C62"},
        "incoterm": "FOB",
        "incoterm_place": "Ningbo",
        "lead_time_days": 35,
        "valid_until": "2027-01-31",
        "payment_terms": ["TT_DEPOSIT"]
    })
}

/// An RFQ for three items: elbows, basins and pipes.
pub fn rfq_of_items(title: &str) -> Value {
    let target = |amount: &str| json!({"amount": amount, "currency": "USD"});
    json!({
        "title": title,
        "destination_country": "DE",
        "incoterm": "FOB",
        "language": "en",
        "items": [
            {"title": "Brass pipe elbow DN20", "hs_code": "741220", "quantity": {"value": "500", "unit": "C62"},
                "target_price": target("1.20"), "specification": "90 degrees, compression ends"},
            {"title": "Ceramic wash basin 60 cm", "hs_code": "691010", "quantity": {"value": "5000", "unit": "C62"},
                "target_price": target("3.50")},
            {"title": "Copper pipe 22 mm", "hs_code": "741110", "quantity": {"value": "2000", "unit": "KGM"}}
        ]
    })
}

/// A quote for items of such an RFQ: number and unit price.
pub fn quote_of_items(prices: &[(u32, &str)]) -> Value {
    let item = |(item, price): &(u32, &str)| json!({"item": item, "unit_price": {"amount": price, "currency": "USD"}});
    json!({
        "items": prices.iter().map(item).collect::<Vec<_>>(),
        "incoterm": "DAP",
        "incoterm_place": "Hamburg",
        "lead_time_days": 35,
        "valid_until": "2027-01-31",
        "payment_terms": ["TT_DEPOSIT"]
    })
}

/// What a company does, in one call each; every one answers the resource.
impl Client {
    /// Publishes a listing and answers its id.
    #[track_caller]
    pub fn publish_listing(&self, listing: &Value) -> String {
        let id = self.post("/listings", listing).expect(201).id();
        self.act(&format!("/listings/{id}/publish")).expect(200);
        id
    }

    /// Publishes an RFQ and answers its id.
    #[track_caller]
    pub fn publish_rfq(&self, rfq: &Value) -> String {
        let id = self.post("/rfqs", rfq).expect(201).id();
        self.act(&format!("/rfqs/{id}/publish")).expect(200);
        id
    }

    /// Quotes for an RFQ and answers the quote's id.
    #[track_caller]
    pub fn submit_quote(&self, rfq: &str, quote: &Value) -> String {
        self.post(&format!("/rfqs/{rfq}/quotes"), quote).expect(201).id()
    }

    /// An action that needs no body.
    pub fn act(&self, path: &str) -> Answer {
        self.post(path, &json!({}))
    }
}

/// A shipment of such valves from China to Germany, as the Chinese side declares it.
pub fn record() -> Value {
    json!({
        "direction": "export",
        "reporter_country": "CN",
        "partner_country": "DE",
        "hs_code": "848180",
        "description": "Brass ball valves DN20",
        "quantity": {"value": "5000", "unit": "C62"},
        "net_kg": "1250",
        "value": {"amount": "16500.00", "currency": "USD"},
        "incoterm": "FOB",
        "invoice_date": "2026-11-10",
        "declared_on": "2026-11-18",
        "released_on": "2026-11-19",
        "origin_country": "CN",
        "transport_mode": "sea"
    })
}

/// A well-formed Chinese export declaration of that month; `serial` makes it one of its own.
pub fn declaration(serial: u32) -> Value {
    json!({
        "scheme": "cn_declaration",
        "number": format!("310420260{serial:09}"),
        "date": "2026-11-18"
    })
}

/// The parcels of October from a Chinese seller to consumers in Germany.
pub fn retail() -> Value {
    json!({
        "direction": "export",
        "party_form": "b2c",
        "platform": "Own shop",
        "goods_route": "post",
        "reporter_country": "CN",
        "consumer_country": "DE",
        "hs_code": "610910",
        "description": "T-shirts",
        "quantity": {"value": "4000", "unit": "C62"},
        "net_kg": "800",
        "value": {"amount": "16500.00", "currency": "USD"},
        "parcels": 2500,
        "period": "2026-10",
        "origin_country": "CN"
    })
}
