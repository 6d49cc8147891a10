//! The schemas as generators of clients need them: each says what is sent one way, in one piece.
//!
//! The types of the code serve both ways and are put together by flattening. Here each becomes what one direction of the wire carries:
//!
//! * **answers** always hold every member, null where there is nothing (only what a parameter asks for can be absent), and may grow;
//! * **inputs** say what is needed and refuse what they do not know;
//! * **patches** (RFC 7396) need nothing, and null clears.
//!
//! A schema that is the same both ways keeps its one name; otherwise the input is called `…Input`, and a patch `…Patch`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

/// The prefix of a reference to a schema.
const SCHEMAS: &str = "#/components/schemas/";

/// Members of answers that are there only when a parameter asks for them.
const WHEN_ASKED: &[&str] = &["explain", "group_count", "highlight"];

/// Answers that hold only what they speak of: of their members, those that can be null are absent instead.
const SPARSE: &[&str] = &["EventData"];

/// The mark of a member that an answer has only sometimes, for as long as schemas are put together.
const SOMETIMES: &str = "x-sometimes";

/// Which way a schema travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// From the platform.
    Answer,
    /// To the platform, whole.
    Input,
    /// To the platform, as changes of what is there.
    Patch,
}

/// Rewrites all schemas of the document, and the references of its operations to them.
pub(super) fn shape(document: &mut Value) {
    let mut schemas = taken(document);
    name_items_of_lists(&mut schemas);
    let names: Vec<String> = schemas.keys().cloned().collect();
    for name in names {
        let mut flat = flattened(&schemas[&name], &schemas);
        if SPARSE.contains(&name.as_str()) {
            mark_optional(&mut flat);
        }
        schemas.insert(name, flat);
    }
    let used = used_by(document, &schemas);
    let forms = Forms::of(&schemas, used);
    forms.rewrite_operations(document);
    document["components"]["schemas"] = Value::Object(forms.into_components());
}

fn taken(document: &mut Value) -> BTreeMap<String, Value> {
    match document["components"]["schemas"].take() {
        Value::Object(members) => members.into_iter().collect(),
        _ => BTreeMap::new(),
    }
}

/// A list's schema holds that of its items, written out; here it names it.
fn name_items_of_lists(schemas: &mut BTreeMap<String, Value>) {
    let generic: Vec<(String, String)> =
        schemas.keys().filter_map(|name| Some((name.clone(), name.split_once('_')?.1.to_owned()))).collect();
    for (name, of) in generic {
        let Some(items) = schemas.get_mut(&name).and_then(|list| list.pointer_mut("/properties/data/items")) else {
            continue;
        };
        if reference(items).is_some() {
            continue;
        }
        let item = std::mem::replace(items, json!({"$ref": format!("{SCHEMAS}{of}")}));
        schemas.entry(of).or_insert(item);
    }
}

/// The name of the schema that a value refers to.
fn reference(value: &Value) -> Option<&str> {
    value["$ref"].as_str()?.strip_prefix(SCHEMAS)
}

/// One object instead of several that hold together (`allOf`), at any depth.
fn flattened(schema: &Value, schemas: &BTreeMap<String, Value>) -> Value {
    match schema {
        Value::Array(items) => items.iter().map(|item| flattened(item, schemas)).collect(),
        Value::Object(members) => {
            let mut flat: Map<String, Value> =
                members.iter().map(|(name, member)| (name.clone(), flattened(member, schemas))).collect();
            if let Some(Value::Array(parts)) = flat.remove("allOf") {
                for part in parts {
                    add_part(&mut flat, whole_part(part, schemas));
                }
            }
            Value::Object(flat)
        }
        other => other.clone(),
    }
}

fn mark_optional(schema: &mut Value) {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut);
    for property in properties.filter(|property| may_be_null(property)) {
        property[SOMETIMES] = json!(true);
    }
}

/// The object that a part of an `allOf` stands for. One that may be missing as a whole (`oneOf` with null) lends its members sometimes.
fn whole_part(part: Value, schemas: &BTreeMap<String, Value>) -> Value {
    let of_reference = |part: &Value| reference(part).map(|name| flattened(&schemas[name], schemas));
    let Some(Value::Array(choices)) = part.get("oneOf") else { return of_reference(&part).unwrap_or(part) };
    let Some(mut whole) = choices.iter().find_map(of_reference) else { return part };
    if let Some(members) = whole.as_object_mut() {
        members.remove("required");
        members.remove("description");
    }
    for property in whole.get_mut("properties").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
        property[SOMETIMES] = json!(true);
    }
    whole
}

fn add_part(whole: &mut Map<String, Value>, part: Value) {
    let Value::Object(part) = part else { return };
    for (keyword, value) in part {
        match (keyword.as_str(), whole.get_mut(&keyword), value) {
            ("properties", Some(Value::Object(all)), Value::Object(more)) => all.extend(more),
            ("required", Some(Value::Array(all)), Value::Array(more)) => all.extend(more),
            // What the parts say of themselves is not said of the whole, and none of them knows the members of the others.
            ("description" | "additionalProperties", Some(_), _) | ("additionalProperties", None, _) => {}
            (_, _, value) => {
                whole.entry(keyword).or_insert(value);
            }
        }
    }
}

/// The schemas that travel each way, by themselves or inside others.
fn used_by(document: &Value, schemas: &BTreeMap<String, Value>) -> BTreeSet<(String, Way)> {
    let mut waiting = Vec::new();
    each_operation(document, |method, operation| {
        let way = if method == "patch" { Way::Patch } else { Way::Input };
        gather(&operation["requestBody"], way, &mut waiting);
        gather(&operation["parameters"], Way::Input, &mut waiting);
        gather(&operation["responses"], Way::Answer, &mut waiting);
    });
    gather(&document["components"]["responses"], Way::Answer, &mut waiting);
    let mut used = BTreeSet::new();
    while let Some((name, way)) = waiting.pop() {
        if used.insert((name.clone(), way)) {
            gather(schemas.get(&name).unwrap_or(&Value::Null), way, &mut waiting);
        }
    }
    used
}

fn each_operation(document: &Value, mut visit: impl FnMut(&str, &Value)) {
    let paths = document["paths"].as_object().into_iter().flatten();
    for (method, operation) in paths.filter_map(|(_, item)| item.as_object()).flatten() {
        visit(method, operation);
    }
}

/// The schemas that a value refers to. A patch replaces lists as a whole, so what they hold is sent whole.
fn gather(value: &Value, way: Way, found: &mut Vec<(String, Way)>) {
    if let Some(name) = reference(value) {
        found.push((name.to_owned(), way));
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| gather(item, way, found)),
        Value::Object(members) => {
            for (keyword, member) in members {
                gather(member, inside(keyword, way), found);
            }
        }
        _ => {}
    }
}

fn inside(keyword: &str, way: Way) -> Way {
    if keyword == "items" && way == Way::Patch { Way::Input } else { way }
}

/// Every schema in the form of each way that it travels, under its name there.
struct Forms {
    forms: BTreeMap<(String, Way), Value>,
    names: BTreeMap<(String, Way), String>,
}

impl Forms {
    fn of(schemas: &BTreeMap<String, Value>, used: BTreeSet<(String, Way)>) -> Self {
        let forms: BTreeMap<_, _> = used
            .into_iter()
            .filter_map(|(name, way)| {
                let form = form(schemas.get(&name)?, way);
                Some(((name, way), form))
            })
            .collect();
        let mut all = Self { names: BTreeMap::new(), forms };
        let apart = all.that_differ();
        for (name, way) in all.forms.keys() {
            let has_answer = all.forms.contains_key(&(name.clone(), Way::Answer));
            let own = match way {
                Way::Patch if is_object(&all.forms[&(name.clone(), Way::Patch)]) => {
                    format!("{}Patch", name.strip_suffix("Fields").unwrap_or(name))
                }
                Way::Input if has_answer && apart.contains(name) => format!("{name}Input"),
                _ => name.clone(),
            };
            all.names.insert((name.clone(), *way), own);
        }
        all
    }

    /// The schemas whose answers and inputs are not the same, by themselves or by what they hold.
    fn that_differ(&mut self) -> BTreeSet<String> {
        let both: Vec<String> = self
            .forms
            .keys()
            .filter(|(name, way)| *way == Way::Answer && self.forms.contains_key(&(name.clone(), Way::Input)))
            .map(|(name, _)| name.clone())
            .collect();
        let mut apart = BTreeSet::new();
        for name in &both {
            let (answer, input) = (&self.forms[&(name.clone(), Way::Answer)], &self.forms[&(name.clone(), Way::Input)]);
            let mut closed = answer.clone();
            if input.get("additionalProperties") == Some(&json!(false)) {
                closed["additionalProperties"] = json!(false);
            }
            if &closed == input {
                // A value that is the same both ways, like an amount of money, has no more members tomorrow.
                let input = input.clone();
                self.forms.insert((name.clone(), Way::Answer), input);
            } else {
                apart.insert(name.clone());
            }
        }
        // Who holds one that differs differs.
        loop {
            let more: Vec<String> = both.iter().filter(|name| !apart.contains(*name)).cloned().collect();
            let before = apart.len();
            for name in more {
                let mut held = Vec::new();
                gather(&self.forms[&(name.clone(), Way::Input)], Way::Input, &mut held);
                if held.iter().any(|(held, _)| apart.contains(held)) {
                    apart.insert(name);
                }
            }
            if apart.len() == before {
                return apart;
            }
        }
    }

    fn rewrite_operations(&self, document: &mut Value) {
        let paths = document["paths"].as_object_mut().into_iter().flatten();
        for (method, operation) in paths.filter_map(|(_, item)| item.as_object_mut()).flatten() {
            let way = if method == "patch" { Way::Patch } else { Way::Input };
            for (part, way) in [("requestBody", way), ("parameters", Way::Input), ("responses", Way::Answer)] {
                if let Some(part) = operation.get_mut(part) {
                    self.rename(part, way);
                }
            }
        }
        self.rename(&mut document["components"]["responses"], Way::Answer);
    }

    fn rename(&self, value: &mut Value, way: Way) {
        if let Some(name) = reference(value)
            && let Some(own) = self.names.get(&(name.to_owned(), way))
        {
            value["$ref"] = json!(format!("{SCHEMAS}{own}"));
        }
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.rename(item, way)),
            Value::Object(members) => {
                for (keyword, member) in members {
                    self.rename(member, inside(keyword, way));
                }
            }
            _ => {}
        }
    }

    fn into_components(mut self) -> Map<String, Value> {
        let forms = std::mem::take(&mut self.forms);
        forms
            .into_iter()
            .map(|((name, way), mut form)| {
                self.rename(&mut form, way);
                (self.names[&(name, way)].clone(), form)
            })
            .collect()
    }
}

fn is_object(schema: &Value) -> bool {
    schema["properties"].is_object()
}

/// The schema as it travels this way.
fn form(schema: &Value, way: Way) -> Value {
    let mut form = schema.clone();
    shape_object(&mut form, way);
    form
}

/// Every object in a schema, itself included.
fn shape_object(schema: &mut Value, way: Way) {
    if let Value::Object(members) = schema {
        for (keyword, member) in members.iter_mut() {
            shape_object(member, inside(keyword, way));
        }
        // What an absent member means is said in words: generators take one that has a default for one that is always sent.
        members.remove("default");
    }
    if let Value::Array(items) = schema {
        items.iter_mut().for_each(|item| shape_object(item, way));
    }
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    let asked: BTreeMap<String, bool> =
        properties.iter_mut().map(|(name, property)| (name.clone(), is_absent_at_times(name, property))).collect();
    if way == Way::Patch {
        properties.values_mut().for_each(make_nullable);
    }
    let needed: BTreeSet<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let required: Vec<String> = match way {
        Way::Patch => Vec::new(),
        Way::Input => asked.keys().filter(|name| needed.contains(name.as_str())).cloned().collect(),
        // What has nothing to say is null, so it is there.
        Way::Answer => asked.iter().filter(|(_, sometimes)| !**sometimes).map(|(name, _)| name.clone()).collect(),
    };
    let Some(object) = schema.as_object_mut() else { return };
    object.remove("required");
    if !required.is_empty() {
        object.insert("required".to_owned(), json!(required));
    }
    if way == Way::Answer {
        object.remove("additionalProperties");
    }
}

/// Whether an answer has the member only sometimes; takes off the mark that says so.
fn is_absent_at_times(name: &str, property: &mut Value) -> bool {
    let is_marked = property.as_object_mut().is_some_and(|members| members.remove(SOMETIMES).is_some());
    is_marked || WHEN_ASKED.contains(&name)
}

fn may_be_null(property: &Value) -> bool {
    let is_null = |kind: &Value| kind == "null";
    is_null(&property["type"])
        || property["type"].as_array().is_some_and(|kinds| kinds.iter().any(is_null))
        || ["oneOf", "anyOf"].iter().filter_map(|one| property[one].as_array()).flatten().any(may_be_null)
}

fn make_nullable(property: &mut Value) {
    if may_be_null(property) {
        return;
    }
    let description = property.as_object_mut().and_then(|members| members.remove("description"));
    *property = match property["type"].as_str() {
        Some(kind) if property.get("enum").is_none() => {
            let kinds = json!([kind, "null"]);
            let mut same = property.clone();
            same["type"] = kinds;
            same
        }
        _ => json!({"oneOf": [property.take(), {"type": "null"}]}),
    };
    if let Some(description) = description {
        property["description"] = description;
    }
}
