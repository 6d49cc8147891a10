//! What a company finds on its dashboard.

use askama::Template;

use super::actions::tasks;
use super::pages::{DashboardPage, TaskGroup, TaskItem, groups};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::discovery::tests::{app, now};
use crate::ids::ApiKeyId;
use crate::web::layout::{Page, Viewer, When, samples};

fn page_with(groups: Vec<TaskGroup>) -> String {
    let viewer = Viewer {
        person_name: "Anna de Wit".into(),
        company_name: "Delta Import BV".into(),
        moderator: false,
        suspended: false,
        confirmed: true,
        unread: 0,
        notifications: 0,
    };
    let page = Page::new("Dashboard").seen_by(viewer, "token");
    DashboardPage { page, groups, open_rfqs: Vec::new() }.render().unwrap()
}

fn some_groups() -> Vec<TaskGroup> {
    let item = |title: &str, beside: &str, days| TaskItem {
        title: title.into(),
        href: "/desk/buying".into(),
        beside: beside.into(),
        deadline: Some(When::new(now() + chrono::Duration::days(days), now())),
    };
    let quotes =
        vec![item("Stainless pipe 316L, DN50, 2 t", "4 new quotes", 12), item("Ball valves", "1 new quote", 3)];
    let fits = vec![item("Flanges EN 1092-1, DN50, PN16, 300 pieces", "", 8)];
    vec![
        TaskGroup { count: "2".into(), words: "RFQs with new quotes".into(), href: "/desk/buying", items: quotes },
        TaskGroup {
            count: "1".into(),
            words: "RFQ that fits what you sell".into(),
            href: "/desk/selling",
            items: fits,
        },
    ]
}

fn member_of(app: &App, name: &str) -> Actor {
    let fields = serde_json::from_value(serde_json::json!({ "name": name, "country": "NL" })).unwrap();
    let company = app.db.write(|tx| crate::companies::actions::register(tx, &fields, None)).unwrap();
    let permissions = Permission::ALL.iter().map(|(permission, _)| *permission).collect();
    Actor::Key { key: ApiKeyId(1), company, permissions, suspended: false }
}

#[test]
fn dashboard_lists_the_tasks_of_the_company_and_nothing_else() {
    let (_folder, app) = app();
    let (buyer, supplier, other) = (member_of(&app, "Delta"), member_of(&app, "Izmir"), member_of(&app, "Third"));
    let words = |actor: &Actor| {
        let all = groups(tasks(&app, actor).unwrap(), now());
        all.into_iter().map(|one| format!("{} {}", one.count, one.words)).collect::<Vec<_>>()
    };
    for title in ["Pipe", "Valves"] {
        let fields = crate::rfqs::RfqFields { title: title.into(), ..Default::default() };
        crate::rfqs::actions::create(&app, &buyer, fields, None).unwrap();
    }
    let partnership = crate::partnerships::PartnershipFields {
        supplier: supplier.company().unwrap(),
        buyer: buyer.company().unwrap(),
        quote: None,
        note: None,
    };
    crate::partnerships::actions::propose(&app, &supplier, &partnership, None).unwrap();
    assert_eq!(words(&buyer), ["1 partnership to confirm", "2 drafts not published yet"]);
    assert_eq!(tasks(&app, &buyer).unwrap().partnerships_to_confirm[0].1, "Izmir");
    assert!(words(&supplier).is_empty() && words(&other).is_empty());
}

#[test]
fn dashboard_renders_whole() {
    let empty = page_with(Vec::new());
    assert!(empty.contains("Post an RFQ or add a listing to get started."), "{empty}");
    samples::check(&[("dashboard.html", page_with(some_groups())), ("dashboard-empty.html", empty)]);
}
