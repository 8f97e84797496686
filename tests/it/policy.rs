//! The policy as one table: every field of every type for every relation, and every mutation for every role. Fields come
//! from the schema, so a new one stands in `policy.txt` before anybody has decided who sees it, and the test fails.

use std::fmt::Write as _;

use async_graphql::parser::{
    parse_schema,
    types::{BaseType, FieldDefinition, Type, TypeDefinition, TypeKind, TypeSystemDefinition},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use skiplevel::{auth::token::Role, graphql::preflight::QueryLimits, http::Limits};
use uuid::Uuid;

use crate::support::{Options, TestDatabase, World, repair};

/// Everything is asked about sue; hal was suggested to meet her, and did; so did pat.
const ORGANISATION: &str = "
hal
  mia
    sue (until 2027-03-31)
      dan
        kim
    sid
  ola
    pat
    leo (left)
";

const NOW: &str = "2026-06-10T09:00:00Z";
const MEETING: Uuid = Uuid::from_u128(1);
const SUGGESTION: Uuid = Uuid::from_u128(2);
const PEER_MEETING: Uuid = Uuid::from_u128(3);

/// What the viewer is to sue, by their name.
const RELATIONS: [(&str, &str, &[Role]); 10] = [
    ("self", "sue", &[]),
    ("manager", "mia", &[]),
    ("head", "hal", &[]),
    ("sideways", "sid", &[]),
    ("report", "dan", &[]),
    ("far below", "kim", &[]),
    ("met", "pat", &[]),
    ("HR admin", "hr-admin", &[Role::HrAdmin]),
    ("integration", "machine", &[Role::Integration]),
    ("leaver", "leo", &[]),
];

const ROLES: [(&str, &str, &[Role]); 5] = [
    ("person", "sue", &[]),
    ("HR admin", "hr-admin", &[Role::HrAdmin]),
    ("HR admin in the chart", "sue", &[Role::HrAdmin]),
    ("integration", "machine", &[Role::Integration]),
    ("leaver", "leo", &[]),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_field_and_mutation_is_in_the_table() {
    // The limits on size have tests of their own; here one document asks for all fields of a type.
    let query = QueryLimits {
        bytes: 1 << 20,
        nodes: 1 << 20,
        root_fields: 1000,
        aliases: 1000,
        cost: 1 << 30,
        ..QueryLimits::default()
    };
    let options = Options {
        limits: Limits {
            query,
            ..Limits::default()
        },
        ..Options::default()
    };
    let world = World::start(TestDatabase::sqlite().into(), NOW, &options).await;
    world.import(ORGANISATION).await;
    let line = plant(&world).await;
    let schema = Schema::read();
    let ids = Ids {
        sue: world.id("sue").await,
        line,
    };

    let mut text = String::from(
        "What each relation to sue gets: a value, null, an empty list, an error's code, or - where the object that holds\n\
         the field is out of reach. The suggestion is hal's to meet sue, the meeting is that of the two. Written by the tests.\n",
    );
    let names: Vec<_> = RELATIONS.iter().map(|(relation, ..)| *relation).collect();
    for definition in schema.objects() {
        let name = definition.name.node.as_str();
        if name == "Mutation" {
            continue;
        }
        let fields = fields(definition);
        let mut columns = Vec::new();
        for (_, subject, roles) in RELATIONS {
            columns.push(outcomes(&world, &world.token(subject, roles), &schema, &ids, name, &fields).await);
        }
        let rows = fields.iter().enumerate().map(|(number, field)| {
            (
                field.name.node.to_string(),
                columns.iter().map(|column| column[number].clone()).collect(),
            )
        });
        table(&mut text, name, &names, &rows.collect::<Vec<_>>());
    }
    let mut rows = Vec::new();
    for field in fields(schema.object("Mutation")) {
        let mut row = Vec::new();
        for (_, subject, roles) in ROLES {
            row.push(done(&world, &world.token(subject, roles), &schema, field).await);
        }
        rows.push((field.name.node.to_string(), row));
    }
    text += "\nWhat each role gets that names nothing in reach: NOT_FOUND where it may do this at all.\n";
    table(&mut text, "Mutation", &ROLES.map(|(role, ..)| role), &rows);
    repair("tests/it/policy.txt", &text);
}

/// Ids of what everything is asked about.
struct Ids {
    sue: String,
    line: String,
}

/// Fills sue's profile, and writes hal's suggestion and the two meetings. Returns the id of sue's reporting line.
async fn plant(world: &World) -> String {
    let raw = world.database.raw().await;
    let key = async |name: &str| -> i64 {
        let sql = format!("SELECT person_id FROM external_identity WHERE external_id = '{name}'");
        let statement = sea_orm::Statement::from_string(raw.get_database_backend(), sql);
        raw.query_one_raw(statement)
            .await
            .unwrap()
            .unwrap()
            .try_get("", "person_id")
            .unwrap()
    };
    let (hal, sue, pat, kim) = (key("hal").await, key("sue").await, key("pat").await, key("kim").await);
    let id = |id: Uuid| {
        id.as_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let at = |day: &str| format!("'{day} 10:00:00+00:00'");
    let reasons = r#"[{"code":"BOTTOM_OF_LADDER","count":1,"of":2},{"code":"LONGEST_WAIT","days":90}]"#;
    let suggestion = |uuid: u128, week: &str, to: i64, status: &str| {
        let (id, created, expires) = (id(Uuid::from_u128(uuid)), at("2026-03-01"), at("2026-07-01"));
        format!(
            "INSERT INTO suggestion (id, week, leader_id, counterpart_id, kind, status, distance, band, reasons, created_at, expires_at) \
                 VALUES (X'{id}', '{week}', {hal}, {to}, 'SKIP_LEVEL', '{status}', 2, 'NEAR', '{reasons}', {created}, {expires});"
        )
    };
    let meeting = |uuid: Uuid, leader: i64, kind: &str, suggestion: &str| {
        let (id, start, end) = (id(uuid), at("2026-03-04"), "'2026-03-04 10:30:00+00:00'");
        format!(
            "INSERT INTO meeting (id, leader_id, counterpart_id, kind, status, origin, distance, band, day, starts_at, ends_at, held_at, suggestion_id, created_at) \
                 VALUES (X'{id}', {leader}, {sue}, '{kind}', 'HELD', 'ROTATION', 2, 'NEAR', '2026-03-04', {start}, {end}, {start}, {suggestion}, {start});"
        )
    };
    let mine = format!("X'{}'", id(SUGGESTION));
    let sql = [
        format!("UPDATE person SET title = 't', department = 'd', location = 'l', time_zone = 'UTC' WHERE id = {sue};"),
        suggestion(2, "2026-03-02", sue, "ACCEPTED"),
        suggestion(4, "2026-06-08", kim, "OPEN"),
        meeting(MEETING, hal, "SKIP_LEVEL", &mine),
        meeting(PEER_MEETING, pat, "PEER", "NULL"),
    ];
    raw.execute_unprepared(&sql.concat()).await.unwrap();
    let query =
        "query($id: String!) { person(by: {externalId: {source: \"hr\", externalId: $id}}) { reportingLines { id } } }";
    let data = world.admin(query, json!({ "id": "sue" })).await;
    data["person"]["reportingLines"][0]["id"].as_str().unwrap().to_owned()
}

/// How an object of each type is come by; the `@` stands for the field.
fn entry(name: &str, ids: &Ids) -> String {
    let Ids { sue, line } = ids;
    let node = |kind: char, id: Uuid| format!("node(id: \"{}\")", global(kind, id));
    let unknown = global('s', Uuid::from_u128(99));
    let people = "people(filter: {search: \"sue\"})";
    let meetings = format!("meetings(filter: {{with: \"{sue}\"}})");
    let suggestions = "suggestions(week: \"2026-W10\")";
    let draw = "drawSuggestions(input: {week: \"2026-W26\"})";
    let skip = format!("skipSuggestion(input: {{suggestionId: \"{unknown}\"}})");
    match name {
        "Query" => "@".to_owned(),
        "Viewer" => "viewer { @ }".to_owned(),
        "WeekPlan" => "viewer { week { @ } }".to_owned(),
        "NoSuggestion" => "viewer { week { noSuggestion { @ } } }".to_owned(),
        "Person" => format!("node(id: \"{sue}\") {{ ... on Person {{ @ }} }}"),
        "ExternalId" => format!("node(id: \"{sue}\") {{ ... on Person {{ externalIds {{ @ }} }} }}"),
        "ReportingLine" => format!("node(id: \"{line}\") {{ ... on ReportingLine {{ @ }} }}"),
        "Suggestion" => format!("{} {{ ... on Suggestion {{ @ }} }}", node('s', SUGGESTION)),
        "Reason" => format!(
            "{} {{ ... on Suggestion {{ reasons {{ @ }} }} }}",
            node('s', SUGGESTION)
        ),
        "Meeting" => format!("{} {{ ... on Meeting {{ @ }} }}", node('m', MEETING)),
        "PersonConnection" => format!("{people} {{ @ }}"),
        "PersonEdge" => format!("{people} {{ edges {{ @ }} }}"),
        "PageInfo" => format!("{people} {{ pageInfo {{ @ }} }}"),
        "MeetingConnection" => format!("{meetings} {{ @ }}"),
        "MeetingEdge" => format!("{meetings} {{ edges {{ @ }} }}"),
        "SuggestionConnection" => format!("{suggestions} {{ @ }}"),
        "SuggestionEdge" => format!("{suggestions} {{ edges {{ @ }} }}"),
        "DrawPayload" => format!("mutation {draw} {{ @ }}"),
        "EmptySlot" => format!("mutation {draw} {{ emptySlots {{ @ }} }}"),
        "SuggestionPayload" => format!("mutation {skip} {{ @ }}"),
        "UserError" => format!("mutation {skip} {{ userErrors {{ @ }} }}"),
        "SwapSuggestionPayload" => format!("mutation swapSuggestion(input: {{suggestionId: \"{unknown}\"}}) {{ @ }}"),
        "MeetingPayload" => format!("mutation cancelMeeting(input: {{meetingId: \"{unknown}\"}}) {{ @ }}"),
        "PersonPayload" => format!("mutation setManager(input: {{personId: \"{unknown}\"}}) {{ @ }}"),
        _ => panic!("{name} is a new type: say here how one that is about sue is come by"),
    }
}

/// What a field of the root needs, to be about sue.
fn arguments(field: &str, ids: &Ids) -> String {
    let Ids { sue, .. } = ids;
    match field {
        "node" => format!("(id: \"{sue}\")"),
        "nodes" => format!("(ids: [\"{sue}\"])"),
        "person" => format!("(by: {{id: \"{sue}\"}})"),
        "people" => "(filter: {search: \"sue\"})".to_owned(),
        "meetings" => format!("(filter: {{with: \"{sue}\"}})"),
        "suggestions" => "(week: \"2026-W10\")".to_owned(),
        _ => String::new(),
    }
}

/// What a viewer gets for each field of a type.
async fn outcomes(
    world: &World,
    token: &str,
    schema: &Schema,
    ids: &Ids,
    name: &str,
    fields: &[&FieldDefinition],
) -> Vec<String> {
    let entry = entry(name, ids);
    let (operation, entry) = entry
        .strip_prefix("mutation ")
        .map_or(("query", entry.as_str()), |entry| ("mutation", entry));
    let mut document = format!("{operation} {{");
    for (number, field) in fields.iter().enumerate() {
        let of_root = if name == "Query" {
            arguments(&field.name.node, ids)
        } else {
            String::new()
        };
        let probe = format!(
            "probe{number}: {}{of_root}{}",
            field.name.node,
            schema.selection(&field.ty.node)
        );
        let entry = entry.replace('@', &probe);
        let alias = if name == "Query" {
            String::new()
        } else {
            format!("entry{number}: ")
        };
        let _ = write!(document, " {alias}{entry}");
    }
    let answer = world.ask_as(token, &(document + " }"), json!({})).await;
    let outcome = |number: usize| {
        let error = answer["errors"].as_array().into_iter().flatten().find(|error| {
            error["path"].as_array().is_none_or(|path| {
                path.iter()
                    .any(|part| *part == format!("entry{number}") || *part == format!("probe{number}"))
            })
        });
        match (error, find(&answer["data"], &format!("probe{number}"))) {
            (Some(error), _) => error["extensions"]["code"].as_str().unwrap().to_owned(),
            (None, None) => "-".to_owned(),
            (None, Some(value)) => word(value),
        }
    };
    (0..fields.len()).map(outcome).collect()
}

/// The first value under `key`, however deep.
fn find<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    match value {
        Value::Object(fields) => fields
            .get(key)
            .or_else(|| fields.values().find_map(|value| find(value, key))),
        Value::Array(items) => items.iter().find_map(|value| find(value, key)),
        _ => None,
    }
}

fn word(value: &Value) -> String {
    const ACCESS: [&str; 5] = ["SELF", "BELOW", "ABOVE", "CARD", "ADMIN"];
    let value = value.get("nodes").unwrap_or(value);
    match value {
        Value::Null => "null".to_owned(),
        Value::Array(items) if items.iter().all(Value::is_null) => {
            if items.is_empty() { "[]" } else { "[null]" }.to_owned()
        }
        Value::String(text) if ACCESS.contains(&text.as_str()) => text.clone(),
        _ => "value".to_owned(),
    }
}

/// What a role gets from a mutation whose input names nothing that is there.
async fn done(world: &World, token: &str, schema: &Schema, field: &FieldDefinition) -> String {
    let arguments = field
        .arguments
        .iter()
        .map(|argument| format!("{}: {}", argument.node.name.node, schema.sample(&argument.node.ty.node)));
    let arguments: Vec<_> = arguments.collect();
    let name = &field.name.node;
    let document = format!(
        "mutation {{ {name}({}) {{ userErrors {{ code }} }} }}",
        arguments.join(", ")
    );
    let answer = world.ask_as(token, &document, json!({})).await;
    if let Some(error) = answer["errors"].get(0) {
        return error["extensions"]["code"].as_str().unwrap().to_owned();
    }
    let mistakes = answer["data"][name.as_str()]["userErrors"]
        .as_array()
        .unwrap_or_else(|| panic!("{answer:#}"));
    mistakes.first().map_or("done".to_owned(), |mistake| {
        mistake["code"].as_str().unwrap().to_owned()
    })
}

/// The schema as served.
struct Schema(Vec<TypeDefinition>);

impl Schema {
    fn read() -> Self {
        let document = parse_schema(skiplevel::graphql::sdl()).unwrap();
        let types = document
            .definitions
            .into_iter()
            .filter_map(|definition| match definition {
                TypeSystemDefinition::Type(definition) => Some(definition.node),
                _ => None,
            });
        Self(types.collect())
    }

    fn objects(&self) -> impl Iterator<Item = &TypeDefinition> {
        self.0
            .iter()
            .filter(|definition| matches!(definition.kind, TypeKind::Object(_)))
    }

    fn object(&self, name: &str) -> &TypeDefinition {
        self.0.iter().find(|definition| definition.name.node == name).unwrap()
    }

    /// What has to be selected of a value of this type.
    fn selection(&self, ty: &Type) -> &'static str {
        let name = named(ty);
        let definition = self.0.iter().find(|definition| definition.name.node == name);
        match definition.map(|definition| &definition.kind) {
            Some(TypeKind::Object(_)) if name.ends_with("Connection") => " { nodes { __typename } }",
            Some(TypeKind::Object(_) | TypeKind::Interface(_) | TypeKind::Union(_)) => " { __typename }",
            _ => "",
        }
    }

    /// A value of this type that names nothing there is; optional fields are left out.
    fn sample(&self, ty: &Type) -> String {
        if let BaseType::List(_) = ty.base {
            return "[]".to_owned();
        }
        match named(ty) {
            "ID" => format!("\"{}\"", global('p', Uuid::from_u128(99))),
            "String" => "\"text\"".to_owned(),
            "Int" => "30".to_owned(),
            "Boolean" => "true".to_owned(),
            "DateTime" => format!("\"{NOW}\""),
            "Date" => "\"2026-06-10\"".to_owned(),
            "IsoWeek" => "\"2026-W26\"".to_owned(),
            name => match &self.object(name).kind {
                TypeKind::InputObject(input) => {
                    let needed = input
                        .fields
                        .iter()
                        .filter(|field| !field.node.ty.node.nullable && field.node.default_value.is_none());
                    let fields =
                        needed.map(|field| format!("{}: {}", field.node.name.node, self.sample(&field.node.ty.node)));
                    format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
                }
                TypeKind::Enum(values) => values.values[0].node.value.node.to_string(),
                _ => panic!("{name} is a new scalar: say here what a value looks like"),
            },
        }
    }
}

fn named(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(inner) => named(inner),
    }
}

fn fields(definition: &TypeDefinition) -> Vec<&FieldDefinition> {
    match &definition.kind {
        TypeKind::Object(object) => object.fields.iter().map(|field| &field.node).collect(),
        _ => vec![],
    }
}

fn global(kind: char, id: Uuid) -> String {
    let mut bytes = vec![u8::try_from(kind).unwrap()];
    bytes.extend(id.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

fn table(text: &mut String, title: &str, columns: &[&str], rows: &[(String, Vec<String>)]) {
    let width = |(column, name): (usize, &&str)| {
        rows.iter()
            .map(|(_, cells)| cells[column].len())
            .chain([name.len()])
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<_> = columns.iter().enumerate().map(width).collect();
    let mut line = |first: &str, cells: &mut dyn Iterator<Item = &str>| {
        let cells: String = cells
            .zip(&widths)
            .map(|(cell, width)| format!("  {cell:width$}"))
            .collect();
        let _ = writeln!(text, "{}", format!("{first:22}{cells}").trim_end());
    };
    line("", &mut std::iter::empty());
    line(title, &mut columns.iter().copied());
    for (name, cells) in rows {
        line(&format!("  {name}"), &mut cells.iter().map(String::as_str));
    }
}
