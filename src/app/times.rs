//! When the viewer and somebody else could meet.

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{AppError, Session, session::Current};
use crate::{
    domain::{
        calendar::times::{Diary, Wanted, meeting_times},
        week::{Week, start_of_day},
    },
    store::{PersonKeyed, PersonRow},
};

/// Around a week of the organisation, as much as the days of people anywhere may stick out of it.
const MARGIN: TimeDelta = TimeDelta::days(2);

impl Session {
    /// Times in `week` at which the viewer and whoever has this public id could meet for so long; none unless the viewer
    /// could arrange a 1:1 with them.
    pub async fn meeting_times(
        &self,
        counterpart: Uuid,
        week: Week,
        minutes: i32,
    ) -> Result<Vec<Range<DateTime<Utc>>>, AppError> {
        if !(5..=480).contains(&minutes) {
            return Err(AppError::Input(
                "durationMinutes should be between 5 and 480".to_owned(),
            ));
        }
        let length = TimeDelta::minutes(minutes.into());
        let current = self.current().await?;
        let cards = current.viewer.cards();
        let other = current.snapshot.person(&cards, &PersonKeyed::Uid(counterpart)).await?;
        let (Some(me), Some(other)) = (current.viewer.place(), other) else {
            return Ok(vec![]);
        };
        let Some(place) = &other.place else {
            return Ok(vec![]);
        };
        // Whoever stands two or more levels above is asked, and says when.
        let is_asked = place.is_above(me) && me.distance(place) > Some(1);
        if place.key() == me.key() || is_asked {
            return Ok(vec![]);
        }
        let own = current.snapshot.cards(&cards, &[me.key()]).await?;
        let Some(own) = own.first() else { return Ok(vec![]) };
        let (first, last) = (week.starts_on(), week.plus(1).starts_on());
        let around = start_of_day(first, self.zone()) - MARGIN..start_of_day(last, self.zone()) + MARGIN;
        let wanted = Wanted {
            week: (week, self.zone()),
            length,
            now: self.now(),
        };
        let mine = self.diary(&current, own, &around).await?;
        let theirs = self.diary(&current, &other, &around).await?;
        let times = meeting_times(&wanted, &mine, &theirs).into_iter();
        Ok(times.map(|start| start..start + length).collect())
    }

    async fn diary(
        &self,
        current: &Current,
        person: &PersonRow,
        around: &Range<DateTime<Utc>>,
    ) -> Result<Diary, AppError> {
        let scope = current.viewer.free_times();
        let named = person.time_zone.as_ref().and_then(|name| name.parse().ok());
        let (spells, absences) = current.snapshot.at_work(&scope, person.key).await?;
        let own = current.snapshot.own_hours(&scope, person.key).await?;
        Ok(Diary {
            hours: own.over(current.settings().await?.working_hours()),
            zone: named.unwrap_or_else(|| self.zone()),
            busy: current.snapshot.busy(&scope, person.key, around).await?,
            spells,
            absences,
        })
    }
}
