"""A whole trade through the generated client: publish, search, ask, match, quote, accept, ship, declare, statistics.

Called with the address of a running platform that holds the demo's market, and keys of a supplier and of a buyer there.
"""

import datetime
import os
import sys
import time
from http import HTTPStatus
from io import BytesIO
from typing import TypeVar

from tradepost_client import AuthenticatedClient, Client
from tradepost_client.api.account import me
from tradepost_client.api.companies import get_company
from tradepost_client.api.documents import get_document_content, upload_document
from tradepost_client.api.listings import add_image, create_listing, get_listing, patch_listing, publish_listing
from tradepost_client.api.partnerships import (
    add_customs_reference,
    attach_record_document,
    confirm_partnership,
    confirm_record,
    declare_record,
    get_partnership,
    list_partnerships,
    propose_partnership,
)
from tradepost_client.api.quotes import accept_quote, compare_quotes, submit_quote
from tradepost_client.api.rfqs import ask, create_rfq, list_matched_suppliers, list_questions, publish_rfq
from tradepost_client.api.search import listings as search_listings
from tradepost_client.api.statistics import general_trade, general_trade_csv
from tradepost_client.models import (
    AcceptQuote,
    AskQuestion,
    AttachDocument,
    CompanyView,
    Comparison,
    CreatedListingView,
    CreatedRfqView,
    Direction,
    DocumentKind,
    DocumentView,
    ImageView,
    Incoterm,
    ListingInput,
    ListingPatch,
    ListingState,
    ListingView,
    Me,
    Money,
    OwnRfqView,
    PageMatchedSupplier,
    PagePartnershipView,
    PageQuestionView,
    PartnershipFields,
    PartnershipState,
    PartnershipView,
    PriceFieldsInput,
    Problem,
    Quantity,
    QuestionView,
    QuoteDetail,
    QuoteFields,
    QuoteState,
    RecordDocumentView,
    RecordFields,
    RecordState,
    RecordView,
    ReferenceFields,
    RfqFields,
    Scheme,
    SearchResponseListingHit,
    StatisticsTable,
    TransportMode,
)
from tradepost_client.types import File

T = TypeVar("T")


def expect(kind: type[T], answer: object) -> T:
    """The answer as what it should be; a problem ends the play."""
    if not isinstance(answer, kind):
        raise SystemExit(f"wanted {kind.__name__}, got {answer}")
    return answer


def caller(base: str, key: str) -> AuthenticatedClient:
    return AuthenticatedClient(base_url=base, token=key)


def company_of(client: AuthenticatedClient) -> CompanyView:
    return expect(CompanyView, get_company.sync(expect(Me, me.sync(client=client)).company, client=client))


def picture() -> bytes:
    """A white PNG of 64 by 64 pixels."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\xff" * 64 * 3 for _ in range(64))
    head = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def play(base: str, supplier_key: str, buyer_key: str) -> None:
    supplier, buyer, nobody = caller(base, supplier_key), caller(base, buyer_key), Client(base_url=base)
    seller, importer = company_of(supplier), company_of(buyer)
    refused = me.sync_detailed(client=caller(base, "wrong"))
    assert refused.status_code == HTTPStatus.UNAUTHORIZED
    assert expect(Problem, refused.parsed).code == "unauthenticated"

    fields = ListingInput(
        sku="CLIENT-1",
        name="Quartz clamp meter for generated clients",
        hs_code="903033",
        origin_country=seller.country,
        price=PriceFieldsInput(min_=Money(amount="31.50", currency="USD"), unit="C62"),
        moq=Quantity(value="10", unit="C62"),
    )
    made = expect(CreatedListingView, create_listing.sync(client=supplier, body=fields, idempotency_key="client-listing"))
    again = create_listing.sync_detailed(client=supplier, body=fields, idempotency_key="client-listing")
    assert again.headers["Idempotent-Replayed"] == "true", again.headers
    assert again.headers["Location"] == f"/api/v1/listings/{made.id}", again.headers
    stale = patch_listing.sync_detailed(made.id, client=supplier, body=ListingPatch(brand="Aldra"), if_match='"v99"')
    assert stale.status_code == HTTPStatus.PRECONDITION_FAILED
    patched = patch_listing.sync(made.id, client=supplier, body=ListingPatch(brand="Aldra"), if_match=f'"v{made.version}"')
    assert expect(ListingView, patched).brand == "Aldra"
    cleared = patch_listing.sync(
        made.id, client=supplier, body=ListingPatch(brand=None), if_match=f'"v{expect(ListingView, patched).version}"'
    )
    assert expect(ListingView, cleared).brand is None
    expect(ImageView, add_image.sync(made.id, client=supplier, body=File(payload=BytesIO(picture()))))
    published = expect(ListingView, publish_listing.sync(made.id, client=supplier))
    assert published.state == ListingState.PUBLISHED
    for _ in range(200):
        found = expect(SearchResponseListingHit, search_listings.sync(client=nobody, q="quartz clamp meter CLIENT-1"))
        if any(hit.id == made.id for hit in found.data):
            break
        time.sleep(0.1)
    else:
        raise SystemExit("the listing is not found")
    assert len(expect(ListingView, get_listing.sync(made.id, client=buyer)).images) == 1

    wanted = RfqFields(
        title="Clamp meters with quartz sensor, 50 pieces",
        hs_code="903033",
        quantity=Quantity(value="50", unit="C62"),
        destination_country=importer.country,
        incoterm=Incoterm.FOB,
    )
    rfq = expect(CreatedRfqView, create_rfq.sync(client=buyer, body=wanted))
    assert expect(OwnRfqView, publish_rfq.sync(rfq.id, client=buyer)).state.value == "open"
    for _ in range(300):
        matched = expect(PageMatchedSupplier, list_matched_suppliers.sync(rfq.id, client=buyer))
        if any(one.company.id == seller.id for one in matched.data):
            break
        time.sleep(0.1)
    else:
        raise SystemExit("the supplier is not matched")
    expect(QuestionView, ask.sync(rfq.id, client=supplier, body=AskQuestion(question="Which plug type?")))
    assert len(expect(PageQuestionView, list_questions.sync(rfq.id, client=buyer)).data) == 1

    offer = QuoteFields(
        unit_price=Money(amount="30.00", currency="USD"),
        price_unit="C62",
        quantity=Quantity(value="50", unit="C62"),
        incoterm=Incoterm.FOB,
        incoterm_place="Ningbo",
        lead_time_days=20,
        valid_until=datetime.date.today() + datetime.timedelta(days=40),
    )
    quote = expect(QuoteDetail, submit_quote.sync(rfq.id, client=supplier, body=offer))
    assert len(expect(Comparison, compare_quotes.sync(rfq.id, client=buyer)).to_dict()) > 0
    accepted = expect(QuoteDetail, accept_quote.sync(quote.id, client=buyer, body=AcceptQuote()))
    assert accepted.state == QuoteState.ACCEPTED

    # The two may have traded before: what they have is used, else it is made.
    known = expect(PagePartnershipView, list_partnerships.sync(client=supplier, limit=100)).data
    active = [one for one in known if one.buyer.id == importer.id and one.state == PartnershipState.ACTIVE]
    if active:
        partnership = active[0]
    else:
        proposal = PartnershipFields(supplier=seller.id, buyer=importer.id, quote=quote.id)
        partnership = expect(PartnershipView, propose_partnership.sync(client=supplier, body=proposal))
        expect(PartnershipView, confirm_partnership.sync(partnership.id, client=buyer))
    shipment = RecordFields(
        direction=Direction.EXPORT,
        reporter_country=seller.country,
        partner_country=importer.country,
        hs_code="903033",
        description="Clamp meters",
        quantity=Quantity(value="50", unit="C62"),
        net_kg="25",
        value=Money(amount="1500.00", currency="USD"),
        incoterm=Incoterm.FOB,
        invoice_date=datetime.date(2026, 10, 2),
        declared_on=datetime.date(2026, 10, 5),
        released_on=datetime.date(2026, 10, 6),
        origin_country=seller.country,
        transport_mode=TransportMode.SEA,
    )
    record = expect(RecordView, declare_record.sync(partnership.id, client=supplier, body=shipment))
    declaration = ReferenceFields(
        scheme=Scheme.CN_DECLARATION, number="310420260800000123", date=datetime.date(2026, 10, 5)
    )
    expect(RecordView, add_customs_reference.sync(record.id, client=supplier, body=declaration))
    document = expect(
        DocumentView,
        upload_document.sync(client=supplier, body=File(payload=BytesIO(b"line,kg\n1,25\n")), name="packing.csv"),
    )
    expect(RecordDocumentView, attach_record_document.sync(record.id, client=supplier, body=AttachDocument(document=document.id, kind=DocumentKind.PACKING_LIST)))
    content = get_document_content.sync_detailed(document.id, client=buyer)
    assert content.content == b"line,kg\n1,25\n", content.content
    confirmed = expect(RecordView, confirm_record.sync(record.id, client=buyer))
    assert confirmed.state == RecordState.CONFIRMED
    assert expect(PartnershipView, get_partnership.sync(partnership.id, client=buyer)).totals

    table = expect(StatisticsTable, general_trade.sync(client=nobody))
    assert table.metadata is not None
    csv = general_trade_csv.sync_detailed(client=nobody)
    assert csv.headers["Content-Type"].startswith("text/csv") and csv.content.count(b"\n") >= 1
    print(f"python: {seller.name} sold to {importer.name}, record {record.id}")


if __name__ == "__main__":
    play(sys.argv[1], os.environ["SUPPLIER_KEY"], os.environ["BUYER_KEY"])
