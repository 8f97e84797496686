//! What is out of reach answers as if it were not there, whether it is asked for or acted on.

use serde_json::json;

use super::{
    doors::{self, Aims, global},
    oracle::involves,
    organisation::read,
    visit::Visit,
};

impl Visit<'_> {
    /// Mutations of what is out of reach: the same mistakes as of what is not there, and nothing is changed. Of what
    /// is in reach: any other answer.
    pub async fn cannot_touch_what_is_out_of_reach(&self) {
        let (asker, rows) = (self.asker, self.rows);
        let nothing = doors::mutations(&Aims::nowhere(1));
        let raw = self.world.database.raw().await;
        let before = read(&raw).await;
        let person = rows.people.iter().find(|person| self.sees[&person.id].is_none());
        // What an HR admin may read of others is not theirs to answer.
        let meeting = rows
            .meetings
            .iter()
            .find(|m| asker.me.is_none_or(|me| !involves(m, me)));
        let suggestion = rows.suggestions.iter().find(|s| asker.me != Some(s.leader_id));
        let peer = rows.peers.iter().find(|e| !rows.peer(asker, e));
        // Notes and thank-yous are gone once they are deleted: those of now.
        let note = before.notes.iter().find(|n| !before.note(asker, n));
        let kudos = before.kudos.iter().find(|k| asker.me != Some(k.author_id));
        let nowhere = Aims::nowhere(2);
        let far = doors::mutations(&Aims {
            person: person.map_or(nowhere.person, |person| global('p', person.uid)),
            meeting: meeting.map_or(nowhere.meeting, |meeting| global('m', meeting.id)),
            suggestion: suggestion.map_or(nowhere.suggestion, |suggestion| global('s', suggestion.id)),
            peer: peer.map_or(nowhere.peer, |edge| global('e', edge.id)),
            note: note.map_or(nowhere.note, |note| global('n', note.id)),
            kudos: kudos.map_or(nowhere.kudos, |kudos| global('k', kudos.id)),
        });
        self.is_a_wall(&far, &nothing).await;
        let after = read(&raw).await;
        assert!(
            before.meetings == after.meetings && before.suggestions == after.suggestions && before.peers == after.peers,
            "{}: changed",
            self.who
        );
        assert!(
            before.notes == after.notes && before.agendas == after.agendas && before.kudos == after.kudos,
            "{}: changed",
            self.who
        );
        let answer = self.world.ask_as(&self.token, &nothing, json!({})).await;
        if asker.me.is_none() {
            assert_eq!(
                answer["errors"][0]["extensions"]["code"], "FORBIDDEN",
                "{}: {answer:#}",
                self.who
            );
            return;
        }
        for (field, told) in answer["data"].as_object().unwrap() {
            assert_eq!(
                told["userErrors"][0]["code"], "NOT_FOUND",
                "{}: {field} {told}",
                self.who
            );
        }
        let person = rows.people.iter().find(|person| self.sees[&person.id].is_some());
        let meeting = rows
            .meetings
            .iter()
            .find(|m| asker.me.is_some_and(|me| involves(m, me)));
        let own = |s: &&entity::suggestion::Model| asker.me == Some(s.leader_id) && rows.suggestion(asker, s);
        let suggestion = rows.suggestions.iter().find(own);
        let peer = rows.peers.iter().find(|e| rows.peer(asker, e));
        let note = after.notes.iter().find(|n| after.note(asker, n));
        let kudos = after.kudos.iter().find(|k| asker.me == Some(k.author_id));
        let near = doors::mutations(&Aims {
            person: person.map_or_else(String::new, |person| global('p', person.uid)),
            meeting: meeting.map_or_else(String::new, |meeting| global('m', meeting.id)),
            suggestion: suggestion.map_or_else(String::new, |suggestion| global('s', suggestion.id)),
            peer: peer.map_or_else(String::new, |edge| global('e', edge.id)),
            note: note.map_or_else(String::new, |note| global('n', note.id)),
            kudos: kudos.map_or_else(String::new, |kudos| global('k', kudos.id)),
        });
        let answer = self.world.ask_as(&self.token, &near, json!({})).await;
        for (field, told) in answer["data"]
            .as_object()
            .unwrap_or_else(|| panic!("{}: {answer:#}", self.who))
        {
            let there = match field.as_str() {
                "a" | "b" | "c" | "j" => person.is_some(),
                "d" | "e" | "f" | "m" | "p" => meeting.is_some(),
                // Whoever edits a note of their own deletes it next; of another's they are told that it is not theirs.
                "n" | "o" => note.is_some(),
                "q" => meeting.is_some() && person.is_some(),
                "r" | "s" => kudos.is_some(),
                "k" | "l" => peer.is_some(),
                _ => suggestion.is_some(),
            };
            assert_eq!(
                told["userErrors"][0]["code"] != "NOT_FOUND",
                there,
                "{}: {field} {told}",
                self.who
            );
        }
    }

    /// Two documents, one of what is out of reach and one of what does not exist: one answer, for one price.
    pub async fn is_a_wall(&self, far: &str, nothing: &str) {
        self.world.statements();
        let far = self.world.body_as(&self.token, far, json!({})).await;
        let price = self.world.statements();
        let nothing = self.world.body_as(&self.token, nothing, json!({})).await;
        assert_eq!(
            price,
            self.world.statements(),
            "{}: statements betray what is there",
            self.who
        );
        assert_eq!(far, nothing, "{}: the answer betrays what is there", self.who);
    }
}
