//! Global ids: opaque to clients, the type and a random id to us.

use async_graphql::ID;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

/// The types that have a global id, and items of agendas, which have one within their meeting alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NodeKind {
    Person,
    ReportingLine,
    Suggestion,
    Meeting,
    Peer,
    SyncRun,
    Change,
    Webhook,
    Note,
    AgendaItem,
    Kudos,
}

impl NodeKind {
    const ALL: [Self; 11] = [
        Self::Person,
        Self::ReportingLine,
        Self::Suggestion,
        Self::Meeting,
        Self::Peer,
        Self::SyncRun,
        Self::Note,
        Self::AgendaItem,
        Self::Kudos,
        Self::Change,
        Self::Webhook,
    ];

    fn tag(self) -> u8 {
        match self {
            Self::Person => b'p',
            Self::ReportingLine => b'l',
            Self::Suggestion => b's',
            Self::Meeting => b'm',
            Self::Peer => b'e',
            Self::SyncRun => b'r',
            Self::Note => b'n',
            Self::AgendaItem => b'a',
            Self::Kudos => b'k',
            Self::Change => b'c',
            Self::Webhook => b'w',
        }
    }

    /// The global id of the object of this type with this public id.
    pub(super) fn id(self, id: Uuid) -> ID {
        let mut bytes = vec![self.tag()];
        bytes.extend(id.as_bytes());
        ID(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The public id in a global id of this type; none in any other text.
    pub(super) fn read(self, id: &ID) -> Option<Uuid> {
        read(id).filter(|(kind, _)| *kind == self).map(|(_, id)| id)
    }
}

/// The type and public id in a global id.
pub(super) fn read(id: &ID) -> Option<(NodeKind, Uuid)> {
    let bytes = URL_SAFE_NO_PAD.decode(id.as_str()).ok()?;
    let (tag, rest) = bytes.split_first()?;
    let kind = NodeKind::ALL.into_iter().find(|kind| kind.tag() == *tag)?;
    Some((kind, Uuid::from_slice(rest).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_its_own_type_only() {
        let uuid = Uuid::from_u128(7);
        let id = NodeKind::Person.id(uuid);
        assert_eq!(NodeKind::Person.read(&id), Some(uuid));
        assert_eq!(NodeKind::Meeting.read(&id), None);
        for odd in ["", "cA", "not an id", "xxxxxxxxxxxxxxxxxxxxxxx"] {
            assert_eq!(read(&ID(odd.to_owned())), None);
        }
    }
}
