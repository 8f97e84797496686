//! The schema as served, to be walked by tests that must not miss what is new in it.

use async_graphql::parser::{
    parse_schema,
    types::{BaseType, FieldDefinition, InputObjectType, Type, TypeDefinition, TypeKind, TypeSystemDefinition},
};

/// All types of the served schema.
pub struct Sdl(Vec<TypeDefinition>);

impl Sdl {
    /// As the program serves it now.
    pub fn served() -> Self {
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

    /// All types.
    pub fn types(&self) -> &[TypeDefinition] {
        &self.0
    }

    /// The object types by name.
    pub fn objects(&self) -> impl Iterator<Item = (&str, &TypeDefinition)> {
        let objects = self
            .0
            .iter()
            .filter(|definition| matches!(definition.kind, TypeKind::Object(_)));
        objects.map(|definition| (definition.name.node.as_str(), definition))
    }

    /// The type of this name; none for what GraphQL itself brings.
    pub fn find(&self, name: &str) -> Option<&TypeDefinition> {
        self.0.iter().find(|definition| definition.name.node == name)
    }

    /// The input object of this name.
    pub fn input(&self, name: &str) -> Option<&InputObjectType> {
        match &self.find(name)?.kind {
            TypeKind::InputObject(input) => Some(input),
            _ => None,
        }
    }

    /// Whether a value of this type needs a selection.
    pub fn is_composite(&self, name: &str) -> bool {
        let kind = self.find(name).map(|definition| &definition.kind);
        matches!(
            kind,
            Some(TypeKind::Object(_) | TypeKind::Interface(_) | TypeKind::Union(_))
        )
    }
}

/// The fields of an object or an interface.
pub fn fields(definition: &TypeDefinition) -> Vec<&FieldDefinition> {
    let fields = match &definition.kind {
        TypeKind::Object(object) => &object.fields,
        TypeKind::Interface(interface) => &interface.fields,
        _ => return vec![],
    };
    fields.iter().map(|field| &field.node).collect()
}

/// The name of a type without its lists and exclamation marks.
pub fn named(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(inner) => named(inner),
    }
}
