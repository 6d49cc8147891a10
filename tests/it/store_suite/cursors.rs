//! Cursors, through the real server's lists: another company's are refused. The signature itself is tested beside its code.

use tradepost::actor::Actor;
use tradepost::error::Code;
use tradepost::ids::{ApiKeyId, CompanyId};
use tradepost::secrets::Secrets;
use tradepost::store::cursor::{self, Position};

fn company(id: i64) -> Actor {
    Actor::Key { key: ApiKeyId(1), company: CompanyId(id), permissions: Vec::new(), suspended: false }
}

#[test]
fn a_cursor_is_valid_for_its_list_and_its_company_only() {
    let secrets = Secrets::new("the key of all tests, thirty-two characters long", "").unwrap();
    let text = cursor::encode(&secrets, "own RFQs", &company(1), &Position::Before(17)).unwrap();
    let open = |list: &str, actor: &Actor, text: &str| cursor::decode::<Position>(&secrets, list, actor, text);
    assert_eq!(open("own RFQs", &company(1), &text), Ok(Position::Before(17)));
    let refused = [
        open("own RFQs", &company(2), &text),
        open("own RFQs", &Actor::Anonymous, &text),
        open("own listings", &company(1), &text),
        open("own RFQs", &company(1), &text.replace('.', "x.")),
        open("own RFQs", &company(1), "nonsense"),
        open("own RFQs", &company(1), ""),
    ];
    for outcome in refused {
        assert_eq!(outcome.unwrap_err().code, Code::BadCursor);
    }
    let public = cursor::encode(&secrets, "search", &Actor::Anonymous, &3_i64).unwrap();
    assert_eq!(cursor::decode::<i64>(&secrets, "search", &Actor::Anonymous, &public), Ok(3));
    assert!(cursor::decode::<i64>(&secrets, "search", &company(1), &public).is_err());
}
