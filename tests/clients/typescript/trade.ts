// A whole trade through the generated types: publish, search, ask, match, quote, accept, ship, declare, statistics.
//
// Called with the address of a running platform that holds the demo's market; keys of a supplier and of a buyer are in the environment.

import createClient from "openapi-fetch";
import type { paths } from "./api.js";

const [, , base] = process.argv;
const { SUPPLIER_KEY, BUYER_KEY } = process.env;
if (base === undefined || SUPPLIER_KEY === undefined || BUYER_KEY === undefined) throw new Error("usage: trade.js URL");

const caller = (key?: string) =>
  createClient<paths>({ baseUrl: base, headers: key === undefined ? {} : { Authorization: `Bearer ${key}` } });

/** The data of an answer; a problem ends the play. */
function expected<T>(answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (let round = 0; round < 300; round++) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(what);
}

const supplier = caller(SUPPLIER_KEY);
const buyer = caller(BUYER_KEY);
const nobody = caller();

const companyOf = async (client: typeof supplier) => {
  const { company } = expected(await client.GET("/api/v1/me"));
  return expected(await client.GET("/api/v1/companies/{id}", { params: { path: { id: company } } }));
};
const seller = await companyOf(supplier);
const importer = await companyOf(buyer);
const refused = await caller("wrong").GET("/api/v1/me");
check(refused.error?.code === "unauthenticated", "a wrong key is refused");

const made = expected(
  await supplier.POST("/api/v1/listings", {
    params: { header: { "Idempotency-Key": "typed-listing" } },
    body: {
      sku: "TYPED-1",
      name: "Zirconia oxygen probe for typed clients",
      hs_code: "902710",
      origin_country: seller.country,
      price: { min: { amount: "210.00", currency: "USD" }, unit: "C62" },
      moq: { value: "5", unit: "C62" },
    },
  }),
);
const byId = { path: { id: made.id } };
const patched = expected(
  await supplier.PATCH("/api/v1/listings/{id}", {
    params: { ...byId, header: { "if-match": `"v${made.version}"` } },
    body: { brand: "Aldra" },
    headers: { "Content-Type": "application/merge-patch+json" },
  }),
);
check(patched.brand === "Aldra", "the patch is carried out");
const published = expected(await supplier.POST("/api/v1/listings/{id}/publish", { params: byId }));
check(published.state === "published", "the listing is published");
await until("the listing is found", async () => {
  const found = expected(await nobody.GET("/api/v1/search/listings", { params: { query: { q: "zirconia oxygen probe TYPED-1" } } }));
  return found.data.find((hit) => hit.id === made.id);
});

const rfq = expected(
  await buyer.POST("/api/v1/rfqs", {
    body: {
      title: "Zirconia oxygen probes, 20 pieces",
      hs_code: "902710",
      quantity: { value: "20", unit: "C62" },
      destination_country: importer.country,
      incoterm: "FOB",
    },
  }),
);
const rfqPath = { path: { id: rfq.id } };
expected(await buyer.POST("/api/v1/rfqs/{id}/publish", { params: rfqPath }));
const match = await until("the supplier is matched", async () => {
  const matches = expected(await buyer.GET("/api/v1/rfqs/{id}/matches", { params: rfqPath }));
  return matches.data.find((one) => one.company.id === seller.id);
});
check(match.reasons.length > 0 && match.score > 0, "a match says why");

const validUntil = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
const quote = expected(
  await supplier.POST("/api/v1/rfqs/{id}/quotes", {
    params: rfqPath,
    body: {
      unit_price: { amount: "200.00", currency: "USD" },
      price_unit: "C62",
      quantity: { value: "20", unit: "C62" },
      incoterm: "FOB",
      incoterm_place: "Ningbo",
      lead_time_days: 20,
      valid_until: validUntil,
    },
  }),
);
expected(await buyer.GET("/api/v1/rfqs/{id}/comparison", { params: rfqPath }));
const accepted = expected(await buyer.POST("/api/v1/quotes/{id}/accept", { params: { path: { id: quote.id } }, body: {} }));
check(accepted.state === "accepted", "the quote is accepted");

// The two traded before: what they have is used, else it is made.
const partnerships = expected(await supplier.GET("/api/v1/partnerships", { params: { query: { limit: 100 } } }));
const known = partnerships.data.find((one) => one.buyer.id === importer.id && one.state === "active");
const partnership = known ?? expected(await supplier.POST("/api/v1/partnerships", { body: { supplier: seller.id, buyer: importer.id } }));
if (partnership.state !== "active") {
  expected(await buyer.POST("/api/v1/partnerships/{id}/confirm", { params: { path: { id: partnership.id } } }));
}
const record = expected(
  await supplier.POST("/api/v1/partnerships/{id}/records", {
    params: { path: { id: partnership.id } },
    body: {
      direction: "export",
      reporter_country: seller.country,
      partner_country: importer.country,
      hs_code: "902710",
      description: "Oxygen probes",
      quantity: { value: "20", unit: "C62" },
      net_kg: "18",
      value: { amount: "4000.00", currency: "USD" },
      incoterm: "FOB",
      invoice_date: "2026-10-02",
      declared_on: "2026-10-05",
      released_on: "2026-10-06",
      origin_country: seller.country,
      transport_mode: "sea",
    },
  }),
);
const recordPath = { path: { id: record.id } };
expected(
  await supplier.POST("/api/v1/records/{id}/customs-references", {
    params: recordPath,
    body: { scheme: "cn_declaration", number: "310420260800000456", date: "2026-10-05" },
  }),
);
const document = expected(
  await supplier.POST("/api/v1/documents", {
    params: { query: { name: "packing.csv" } },
    body: "line,kg\n1,18\n",
    bodySerializer: (body) => body,
    headers: { "Content-Type": "application/octet-stream" },
  }),
);
expected(await supplier.POST("/api/v1/records/{id}/documents", { params: recordPath, body: { document: document.id, kind: "packing_list" } }));
const content = await buyer.GET("/api/v1/documents/{id}/content", { params: { path: { id: document.id } }, parseAs: "text" });
check(content.data === "line,kg\n1,18\n", "the document is read as it was sent");
const confirmed = expected(await buyer.POST("/api/v1/records/{id}/confirm", { params: recordPath }));
check(confirmed.state === "confirmed", "the shipment is confirmed");

const table = expected(await nobody.GET("/api/v1/statistics/general-trade"));
check(typeof table !== "string" && table.metadata !== null, "the statistics are read");
const csv = await nobody.GET("/api/v1/statistics/general-trade.csv", { parseAs: "text" });
check(csv.response.headers.get("content-type")?.startsWith("text/csv") ?? false, "the statistics are there as CSV");
console.log(`typescript: ${seller.name} sold to ${importer.name}, record ${record.id}`);
