//! Every rule of who may see and do what, once (product.md 6). Position comes from the chart, never from the token.

use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

use super::{
    scope::{
        Grant, Reach, Scope,
        action::{
            Configure, Draw, Erase, Export, Integrate, KeepHours, KeepNotes, ManageChart, Meet, Note, Record,
            RevokeTokens, Subscribe, Sync, TakePart, Upkeep,
        },
        facet::{
            Accounts, Audit, Calendars, Cards, Changes, FreeTimes, Meetings, Notes, OwnData, Participation, Peers,
            Profiles, Reports, Settings, Suggestions, SyncRuns, Tokens, Webhooks,
        },
    },
    token::Role,
    viewer::{Place, Viewer},
};

/// How the viewer stands to a person in reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Access {
    /// The viewer themselves: full profile.
    Own,
    /// Below the viewer: full profile.
    Below,
    /// Above the viewer: card.
    Above,
    /// A counterpart or a confirmed peer: card.
    Card,
    /// The viewer is an HR admin: full profile.
    Admin,
}

impl Access {
    /// Whether the profile is open, not only the card.
    pub fn shows_profile(self) -> bool {
        matches!(self, Self::Own | Self::Below | Self::Admin)
    }

    /// Whether the reporting line upwards is open: everyone above somebody below, or above the viewer.
    pub fn shows_line_upwards(self) -> bool {
        self != Self::Card
    }
}

/// The viewer's role does not include this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this needs {0}")]
pub struct Forbidden(pub &'static str);

impl Viewer {
    /// Whose card the viewer may read.
    pub fn cards(&self) -> Scope<Cards> {
        self.scope(|role, me| self.known(role, me))
    }

    /// Of whom the viewer may learn when they are free: of everybody whom they could arrange a 1:1 with.
    pub fn free_times(&self) -> Scope<FreeTimes> {
        self.scope(|role, me| self.known(role, me))
    }

    /// Whose profile the viewer may read.
    pub fn profiles(&self) -> Scope<Profiles> {
        self.scope(|role, me| match (role, me) {
            (Role::HrAdmin, _) => vec![Reach::Everyone],
            (Role::Person, Some(me)) => vec![Reach::Only(me.key()), Reach::Below(me.clone())],
            (Role::Person, None) | (Role::Integration, _) => vec![],
        })
    }

    /// Whose suggestions the viewer may read: their own, and as HR admin everyone's.
    pub fn suggestions(&self) -> Scope<Suggestions> {
        self.scope(Self::own_or_everyone)
    }

    /// Whose meetings the viewer may read: their own, and as HR admin everyone's, to whom those declined look like those
    /// called off.
    pub fn meetings(&self) -> Scope<Meetings> {
        self.scope(Self::own_or_everyone)
    }

    /// Of whom the viewer may read coverage reports: of everybody below them, and as HR admin of everybody.
    pub fn reports(&self) -> Scope<Reports> {
        self.scope(|role, me| match (role, me) {
            (Role::HrAdmin, _) => vec![Reach::Everyone],
            (Role::Person, Some(me)) => vec![Reach::Below(me.clone())],
            (Role::Person, None) | (Role::Integration, _) => vec![],
        })
    }

    /// Whose word on being suggested the viewer may read: their own, whatever else they are.
    pub fn participation(&self) -> Scope<Participation> {
        self.scope(Self::own)
    }

    /// Whose peer edges the viewer may read: their own, whatever else they are.
    pub fn peers(&self) -> Scope<Peers> {
        self.scope(Self::own)
    }

    /// Whose calendar feed the viewer may know of: their own, whatever else they are.
    pub fn calendars(&self) -> Scope<Calendars> {
        self.scope(Self::own)
    }

    /// Of whom the viewer may read all that is kept: of themselves, whatever else they are.
    pub fn own_data(&self) -> Scope<OwnData> {
        self.scope(Self::own)
    }

    /// Whose tokens the viewer may take back: their own, and as HR admin everyone's.
    pub fn tokens(&self) -> Scope<Tokens> {
        self.scope(Self::own_or_everyone)
    }

    /// Who reads what people write beside their meetings: the viewer for themselves, whatever else they are. What of it
    /// is theirs, the rows say.
    pub fn notes(&self) -> Scope<Notes> {
        self.scope(Self::own)
    }

    /// Whether the viewer may read the organisation's settings: HR admins.
    pub fn settings(&self) -> Scope<Settings> {
        self.scope(|role, _| match role {
            Role::HrAdmin => vec![Reach::Everyone],
            Role::Person | Role::Integration => vec![],
        })
    }

    /// Which imports the viewer may read: HR admins all, an integration those that were made in its source's name.
    pub fn sync_runs(&self) -> Scope<SyncRuns> {
        self.scope(|role, _| match role {
            Role::HrAdmin => vec![Reach::Everyone],
            Role::Integration => self.source.iter().cloned().map(Reach::Source).collect(),
            Role::Person => vec![],
        })
    }

    /// What of the change feed the viewer may read: HR admins all of it, an integration what concerns its source. To
    /// nobody else it is there.
    pub fn changes(&self) -> Result<Scope<Changes>, Forbidden> {
        let scope = self.scope(|role, _| match role {
            Role::HrAdmin => vec![Reach::Everyone],
            Role::Integration => self.source.iter().cloned().map(Reach::Source).collect(),
            Role::Person => vec![],
        });
        if scope.reaches().is_empty() {
            return Err(Forbidden("the role hr_admin, or integration for a source"));
        }
        Ok(scope)
    }

    /// Whether the viewer may read the webhooks: HR admins.
    pub fn webhooks(&self) -> Scope<Webhooks> {
        self.scope(|role, _| match role {
            Role::HrAdmin => vec![Reach::Everyone],
            Role::Person | Role::Integration => vec![],
        })
    }

    /// Whose accounts the viewer may read: an integration those of its own source.
    pub fn accounts(&self) -> Scope<Accounts> {
        self.scope(|role, _| match role {
            Role::Integration => self.source.iter().cloned().map(Reach::Source).collect(),
            Role::Person | Role::HrAdmin => vec![],
        })
    }

    /// The source whose accounts the viewer keeps, with leave to write them: an integration's own.
    pub fn may_provision(&self) -> Result<(&str, Grant<Sync>), Forbidden> {
        const NEEDS: &str = "the role integration, and a source";
        let source = self
            .source
            .as_deref()
            .filter(|_| self.roles.contains(&Role::Integration));
        let source = source.ok_or(Forbidden(NEEDS))?;
        Ok((source, self.grant(true, NEEDS)?))
    }

    /// How the viewer stands to somebody in reach; `None` stands for somebody outside today's chart.
    pub fn access(&self, key: crate::domain::person::PersonKey, place: Option<&Place>) -> Access {
        if self.key() == Some(key) {
            return Access::Own;
        }
        if self.roles.contains(&Role::HrAdmin) {
            return Access::Admin;
        }
        match (self.place(), place) {
            (Some(me), Some(them)) if me.is_above(them) => Access::Below,
            (Some(me), Some(them)) if them.is_above(me) => Access::Above,
            _ => Access::Card,
        }
    }

    /// Whether the viewer may read the audit log: HR admins.
    pub fn audit(&self) -> Scope<Audit> {
        self.scope(|role, _| match role {
            Role::HrAdmin => vec![Reach::Everyone],
            Role::Person | Role::Integration => vec![],
        })
    }

    /// What everybody does to the organisation's data is written down.
    pub fn is_recorded(&self) -> Grant<Record> {
        Grant {
            principal: self.principal.clone(),
            person: self.key(),
            action: PhantomData,
        }
    }

    /// Leave to change reporting lines: HR admins.
    pub fn may_manage_chart(&self) -> Result<Grant<ManageChart>, Forbidden> {
        self.grant(self.roles.contains(&Role::HrAdmin), "the role hr_admin")
    }

    /// Leave to change the organisation's settings: HR admins.
    pub fn may_configure(&self) -> Result<Grant<Configure>, Forbidden> {
        self.grant(self.roles.contains(&Role::HrAdmin), "the role hr_admin")
    }

    /// Leave to draw a week: HR admins.
    pub fn may_draw(&self) -> Result<Grant<Draw>, Forbidden> {
        self.grant(self.roles.contains(&Role::HrAdmin), "the role hr_admin")
    }

    /// Leave to make and change webhooks: HR admins.
    pub fn may_integrate(&self) -> Result<Grant<Integrate>, Forbidden> {
        self.grant(self.roles.contains(&Role::HrAdmin), "the role hr_admin")
    }

    /// Leave to keep the house: HR admins, and so the server itself.
    pub fn may_keep_up(&self) -> Result<Grant<Upkeep>, Forbidden> {
        self.grant(self.roles.contains(&Role::HrAdmin), "the role hr_admin")
    }

    /// Leave to write people and lines of `source`: HR admins, and the integration of that source.
    pub fn may_sync(&self, source: &str) -> Result<Grant<Sync>, Forbidden> {
        let own = self.roles.contains(&Role::Integration) && self.source.as_deref() == Some(source);
        self.grant(
            own || self.roles.contains(&Role::HrAdmin),
            "the role hr_admin, or integration for this source",
        )
    }

    /// Leave to arrange one's own meetings: anybody in today's chart.
    pub fn may_meet(&self) -> Result<Grant<Meet>, Forbidden> {
        self.grant(self.place.is_some(), "a place in today's chart")
    }

    /// Leave to say whether one wants to be suggested: anybody in today's chart, for themselves.
    pub fn may_take_part(&self) -> Result<Grant<TakePart>, Forbidden> {
        self.grant(self.place.is_some(), "a place in today's chart")
    }

    /// Leave to have a calendar feed: anybody in today's chart, of their own meetings.
    pub fn may_subscribe(&self) -> Result<Grant<Subscribe>, Forbidden> {
        self.grant(self.place.is_some(), "a place in today's chart")
    }

    /// Leave to say when one works: anybody in today's chart, of themselves.
    pub fn may_keep_hours(&self) -> Result<Grant<KeepHours>, Forbidden> {
        self.grant(self.place.is_some(), "a place in today's chart")
    }

    /// Leave to get everything that is kept of oneself: anybody in today's chart.
    pub fn may_export(&self) -> Result<Grant<Export>, Forbidden> {
        self.grant(self.place.is_some(), "a place in today's chart")
    }

    /// Leave to take tokens back: HR admins, and anybody in today's chart. Whose, [`Viewer::tokens`] says.
    pub fn may_revoke_tokens(&self) -> Result<Grant<RevokeTokens>, Forbidden> {
        self.grant(
            self.roles.contains(&Role::HrAdmin) || self.place.is_some(),
            "the role hr_admin, or a place in today's chart",
        )
    }

    /// Leave to make somebody who has left a pseudonym: HR admins.
    pub fn may_erase(&self) -> Result<Grant<Erase>, Forbidden> {
        self.grant(self.roles.contains(&Role::HrAdmin), "the role hr_admin")
    }

    /// Everybody whom the viewer knows of.
    fn known(&self, role: Role, me: Option<&Place>) -> Vec<Reach> {
        match (role, me) {
            (Role::HrAdmin, _) => vec![Reach::Everyone],
            (Role::Person, Some(me)) => vec![
                Reach::Only(me.key()),
                Reach::Below(me.clone()),
                Reach::Above(me.clone()),
                Reach::CounterpartsOf(me.key(), self.now),
            ],
            (Role::Person, None) | (Role::Integration, _) => vec![],
        }
    }

    /// Leave to write beside one's own meetings: anybody in today's chart.
    pub fn may_note(&self) -> Result<Grant<Note>, Forbidden> {
        self.grant(self.place.is_some(), "a place in today's chart")
    }

    /// Leave to handle what is sealed: whoever runs commands beside the database, and the server itself. No token
    /// gives it.
    pub fn may_keep_notes(&self) -> Result<Grant<KeepNotes>, Forbidden> {
        self.grant(self.is_operator(), "a place beside the database")
    }

    fn own(role: Role, me: Option<&Place>) -> Vec<Reach> {
        match (role, me) {
            (Role::Person, Some(me)) => vec![Reach::Only(me.key())],
            (Role::Person, None) | (Role::HrAdmin | Role::Integration, _) => vec![],
        }
    }

    fn own_or_everyone(role: Role, me: Option<&Place>) -> Vec<Reach> {
        match (role, me) {
            (Role::HrAdmin, _) => vec![Reach::Everyone],
            (Role::Person, Some(me)) => vec![Reach::Only(me.key())],
            (Role::Person, None) | (Role::Integration, _) => vec![],
        }
    }

    fn scope<F>(&self, rule: impl Fn(Role, Option<&Place>) -> Vec<Reach>) -> Scope<F> {
        let reaches = self.roles.iter().flat_map(|role| rule(*role, self.place())).collect();
        Scope {
            reaches,
            viewer: self.key(),
            facet: PhantomData,
        }
    }

    fn grant<A>(&self, granted: bool, needs: &'static str) -> Result<Grant<A>, Forbidden> {
        if granted {
            Ok(Grant {
                principal: self.principal.clone(),
                person: self.key(),
                action: PhantomData,
            })
        } else {
            Err(Forbidden(needs))
        }
    }
}
