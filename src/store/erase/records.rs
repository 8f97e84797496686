//! What imports and the feed wrote down of somebody: rows about them lose what they say, other rows their name.

use std::collections::{HashMap, HashSet};

use entity::{change_event, sync_row, sync_run};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Func, LikeExpr},
};
use serde_json::Value;

use crate::{
    domain::{
        erasure::{Traces, scrub_changes, scrub_issues, scrub_row},
        person::PersonKey,
    },
    store::{Snapshot, StoreError, Write},
};

impl Snapshot {
    /// The source of each import.
    pub(super) async fn sources_of_runs(&self) -> Result<HashMap<i64, String>, StoreError> {
        let runs: Vec<(i64, String)> = sync_run::Entity::find()
            .select_only()
            .columns([sync_run::Column::Number, sync_run::Column::Source])
            .into_tuple()
            .all(&self.tx)
            .await?;
        Ok(runs.into_iter().collect())
    }
}

impl Write {
    /// Takes somebody out of the imports that are kept, and of their rows.
    pub(super) async fn scrub_runs(&self, person: PersonKey, traces: &Traces) -> Result<(), StoreError> {
        let sources = self.sources_of_runs().await?;
        let lines = self.scrub_rows(person, traces, &sources).await?;
        let runs = sync_run::Entity::find().order_by_asc(sync_run::Column::Number);
        for run in runs.all(&self.tx).await? {
            let kept = (parsed(&run.issues)?, parsed(&run.blocked)?);
            let (mut issues, mut blocked) = kept.clone();
            scrub_issues(&mut issues, |line| line > 0 && lines.contains(&(run.number, line)));
            for value in [&mut issues, &mut blocked] {
                traces.scrub(Some(&run.source), value);
            }
            if (&issues, &blocked) != (&kept.0, &kept.1) {
                let sql = "UPDATE sync_run SET issues = $1, blocked = $2 WHERE number = $3";
                let values = [issues.to_string().into(), blocked.to_string().into(), run.number.into()];
                self.run(sql, values).await?;
            }
        }
        Ok(())
    }

    /// Takes the values out of the events about somebody.
    pub(super) async fn scrub_events(&self, person: PersonKey) -> Result<(), StoreError> {
        let events = change_event::Entity::find().filter(change_event::Column::PersonId.eq(person.0));
        for event in events.all(&self.tx).await? {
            let mut detail = parsed(&event.detail)?;
            scrub_changes(&mut detail["changes"]);
            let sql = "UPDATE change_event SET detail = $1 WHERE seq = $2";
            self.run(sql, [detail.to_string().into(), event.seq.into()]).await?;
        }
        Ok(())
    }

    /// Scrubs rows of imports; returns run and line of those that are about the person.
    async fn scrub_rows(
        &self,
        person: PersonKey,
        traces: &Traces,
        sources: &HashMap<i64, String>,
    ) -> Result<HashSet<(i64, u64)>, StoreError> {
        let mut lines = HashSet::new();
        let maybe = holds_any(sync_row::Column::Detail, traces.words()).add(sync_row::Column::PersonId.eq(person.0));
        for row in sync_row::Entity::find().filter(maybe).all(&self.tx).await? {
            let source = sources.get(&row.run).map(String::as_str);
            let mut detail = parsed(&row.detail)?;
            let is_known = |id: &str| source.is_some_and(|source| traces.are_known_as(source, id));
            // A row of nobody known may be one that would have made them known.
            let unknown = row.person_id.is_none() && detail["externalId"].as_str().is_some_and(is_known);
            if row.person_id == Some(person.0) || unknown {
                lines.insert((row.run, detail["line"].as_u64().unwrap_or(0)));
                scrub_row(&mut detail);
            } else {
                for part in ["changes", "issues"] {
                    traces.scrub(source, &mut detail[part]);
                }
                if row.person_id.is_none() {
                    traces.scrub(source, &mut detail["name"]);
                }
            }
            let sql = "UPDATE sync_row SET detail = $1 WHERE run = $2 AND number = $3";
            let values = [detail.to_string().into(), row.run.into(), row.number.into()];
            self.run(sql, values).await?;
        }
        Ok(lines)
    }

    async fn run<const N: usize>(&self, sql: &str, values: [sea_orm::Value; N]) -> Result<(), StoreError> {
        use sea_orm::ConnectionTrait;
        self.tx.execute_raw(self.sql(sql, values)).await?;
        Ok(())
    }
}

/// JSON as it is kept.
pub(super) fn parsed(text: &str) -> Result<Value, StoreError> {
    serde_json::from_str(text).map_err(|cause| StoreError::Row(cause.to_string()))
}

/// Rows whose column holds one of these words, and perhaps some others: whoever asks looks again.
pub(super) fn holds_any<'w>(column: impl ColumnTrait, words: impl Iterator<Item = &'w str>) -> Condition {
    let text = column.as_column_ref();
    words.fold(Condition::any(), |any, word| {
        let pattern = format!(
            "%{}%",
            in_json(word)
                .replace('\\', "\\\\")
                .replace('%', "\\%")
                .replace('_', "\\_")
        );
        // Databases agree on the lower case of ASCII alone; other letters are found as they are written.
        let lower = LikeExpr::new(pattern.to_ascii_lowercase()).escape('\\');
        any.add(Expr::expr(Func::lower(Expr::col(text.clone()))).like(lower))
            .add(Expr::col(text.clone()).like(LikeExpr::new(pattern).escape('\\')))
    })
}

/// A word as it stands within a text in JSON.
fn in_json(word: &str) -> String {
    let quoted = Value::from(word).to_string();
    quoted.trim_start_matches('"').trim_end_matches('"').to_owned()
}
