//! Calendars: the invitation to one meeting, and a person's feed behind a secret address.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{AppError, Session, session::Current};
use crate::{
    auth::calendar::CalendarSecret,
    domain::{
        calendar::{Calendar, Method, Party, Window},
        person::PersonKey,
    },
    store::PersonRow,
};

impl Session {
    /// The invitation to a meeting of the viewer's; none to any other, and none while no time is agreed.
    pub async fn invitation(&self, meeting: Uuid) -> Result<Option<Calendar>, AppError> {
        let current = self.current().await?;
        let (me, found) = (
            current.viewer.key(),
            current
                .snapshot
                .appointment(&current.viewer.meetings(), meeting)
                .await?,
        );
        let (Some(me), Some(found)) = (me, found) else {
            return Ok(None);
        };
        let cards = Cards::of(&current, &[found.leader, found.counterpart]).await?;
        let other = if found.leader == me {
            found.counterpart
        } else {
            found.leader
        };
        let title = &current.settings().await?.calendar_title;
        let (leader, counterpart) = (cards.party(found.leader), cards.party(found.counterpart));
        Ok(Some(found.appointment.invitation(
            title,
            cards.name(other),
            leader,
            counterpart,
        )))
    }

    /// The viewer's feed as it is now.
    pub async fn calendar_feed(&self) -> Result<Calendar, AppError> {
        let current = self.current().await?;
        let window = Window::at(self.now(), self.today());
        let found = current
            .snapshot
            .appointments(&current.viewer.meetings(), &window)
            .await?;
        let me = current.viewer.key();
        let others: Vec<_> = found
            .iter()
            .map(|row| {
                if Some(row.leader) == me {
                    row.counterpart
                } else {
                    row.leader
                }
            })
            .collect();
        let cards = Cards::of(&current, &others).await?;
        let title = &current.settings().await?.calendar_title;
        let events = found.into_iter().zip(others);
        Ok(Calendar {
            method: Method::Publish,
            events: events
                .map(|(row, other)| row.appointment.published(title, cards.name(other)))
                .collect(),
        })
    }

    /// Since when the viewer has a feed; none without one.
    pub async fn calendar_feed_since(&self) -> Result<Option<DateTime<Utc>>, AppError> {
        let current = self.current().await?;
        Ok(current
            .snapshot
            .calendar_feed_since(&current.viewer.calendars())
            .await?)
    }

    /// Gives the viewer a feed with a new address; the one they may have had leads nowhere from now on.
    pub async fn create_calendar_feed(&self) -> Result<CalendarSecret, AppError> {
        let turn = self.turn().await?;
        let grant = turn.viewer.may_subscribe()?;
        let secret = CalendarSecret::new(rand::random());
        turn.write.set_calendar_feed(&grant, &secret.hash(), self.now()).await?;
        turn.write.commit().await?;
        Ok(secret)
    }

    /// Takes the viewer's feed back.
    pub async fn revoke_calendar_feed(&self) -> Result<(), AppError> {
        let turn = self.turn().await?;
        let grant = turn.viewer.may_subscribe()?;
        turn.write.drop_calendar_feed(&grant).await?;
        turn.write.commit().await?;
        Ok(())
    }
}

/// The cards of some people.
struct Cards(Vec<PersonRow>);

impl Cards {
    async fn of(current: &Current, people: &[PersonKey]) -> Result<Self, AppError> {
        Ok(Self(current.snapshot.cards(&current.viewer.cards(), people).await?))
    }

    fn find(&self, key: PersonKey) -> Option<&PersonRow> {
        self.0.iter().find(|row| row.key == key)
    }

    /// A meeting shows each the other's card, so that nobody is ever nameless.
    fn name(&self, key: PersonKey) -> &str {
        self.find(key).map_or("", |row| &row.name)
    }

    fn party(&self, key: PersonKey) -> Party {
        Party {
            name: self.name(key).to_owned(),
            email: self.find(key).and_then(|row| row.email.clone()),
        }
    }
}
