//! Everything that can be done.

use async_graphql::{Context, Description, ID, Object};

use super::{
    agenda::{AddAgendaItemInput, AgendaPayload, EditAgendaItemInput, RemoveAgendaItemInput},
    calendar::{CreateCalendarFeedPayload, RevokeCalendarFeedPayload},
    error::Fault,
    hours::{SetWorkingHoursInput, WorkingHoursPayload},
    id::NodeKind,
    import::{ImportMeetingsInput, ImportPayload, SyncAbsencesInput},
    kudos::{DeleteKudosInput, DeleteKudosPayload, KudosPayload, SendKudosInput, WriteKudosInput},
    note::{DeleteNoteInput, DeleteNotePayload, EditNoteInput, NotePayload, WriteNoteInput},
    own_data::{ExportMyDataInput, ExportMyDataPayload},
    participation::{ParticipationPayload, SetParticipationInput},
    payload::{
        AcceptSuggestionInput, CancelMeetingInput, ConfirmMeetingInput, ConfirmPeerInput, DeclineMeetingInput,
        DrawPayload, DrawSuggestionsInput, EmptySlot, EndPeerInput, ErasePersonInput, MeetingPayload, PeerPayload,
        PersonPayload, ProposePeerInput, RecordMeetingInput, RequestMeetingInput, RescheduleMeetingInput,
        ScheduleMeetingInput, SetManagerInput, SettingsPayload, SkipSuggestionInput, SuggestionPayload,
        SwapSuggestionInput, SwapSuggestionPayload,
    },
    scalar::IsoWeek,
    session,
    settings::UpdateSettingsInput,
    suggestion::Suggestion,
    sync::{SyncPayload, SyncPeopleInput},
    tokens::{RevokeTokensInput, RevokeTokensPayload},
    webhook::{
        CreateWebhookInput, DeleteWebhookInput, DeleteWebhookPayload, RotateWebhookSecretInput, UpdateWebhookInput,
        WebhookPayload,
    },
};
use crate::app::{self, AboutMeeting, AboutPeer, AboutSuggestion, DrawInput, Keyed};

/// Everything that can be done. Each mutation is done whole or not at all.
#[derive(Debug, Description)]
pub struct Mutation;

/// An id in an input that is no id of its type is one of nothing in reach: it is looked up all the same, so that it
/// is answered as any other.
pub(super) fn uid(kind: NodeKind, id: &ID) -> uuid::Uuid {
    kind.read(id).unwrap_or_default()
}

#[Object(use_type_description)]
impl Mutation {
    /// Accept a suggestion made to the viewer: schedules its meeting. One of two peers accepting serves both.
    async fn accept_suggestion(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and for when.")] input: AcceptSuggestionInput,
    ) -> Result<SuggestionPayload, Fault> {
        let accept = app::AcceptSuggestionInput {
            suggestion: uid(NodeKind::Suggestion, &input.suggestion_id),
            starts_at: input.starts_at.map(|at| at.0),
            duration_minutes: input.duration_minutes,
        };
        let keyed = Keyed {
            key: input.idempotency_key,
            input: accept,
        };
        SuggestionPayload::of(ctx, session(ctx)?.accept_suggestion(&keyed).await?).await
    }

    /// Skip a suggestion made to the viewer; the person keeps their place in the order. A skipped peer goes behind others:
    /// the suggestion is taken away from them too, and nothing else follows for either.
    async fn skip_suggestion(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: SkipSuggestionInput,
    ) -> Result<SuggestionPayload, Fault> {
        let skip = AboutSuggestion {
            suggestion: uid(NodeKind::Suggestion, &input.suggestion_id),
        };
        let keyed = Keyed {
            key: input.idempotency_key,
            input: skip,
        };
        SuggestionPayload::of(ctx, session(ctx)?.skip_suggestion(&keyed).await?).await
    }

    /// Swap a skip-level suggested to the viewer for the next one by the same rules, as often a week as the settings let
    /// them.
    async fn swap_suggestion(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: SwapSuggestionInput,
    ) -> Result<SwapSuggestionPayload, Fault> {
        let swap = AboutSuggestion {
            suggestion: uid(NodeKind::Suggestion, &input.suggestion_id),
        };
        let keyed = Keyed {
            key: input.idempotency_key,
            input: swap,
        };
        SwapSuggestionPayload::of(ctx, session(ctx)?.swap_suggestion(&keyed).await?).await
    }

    /// Arrange a 1:1 with somebody in reach. Its kind follows from the chart. Also answers an open request of theirs.
    async fn schedule_meeting(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "With whom, and when.")] input: ScheduleMeetingInput,
    ) -> Result<MeetingPayload, Fault> {
        let schedule = app::ScheduleMeetingInput {
            counterpart: uid(NodeKind::Person, &input.counterpart_id),
            starts_at: input.starts_at.0,
            duration_minutes: input.duration_minutes,
        };
        let keyed = Keyed {
            key: input.idempotency_key,
            input: schedule,
        };
        MeetingPayload::of(ctx, session(ctx)?.schedule_meeting(&keyed).await?).await
    }

    /// Move a SCHEDULED meeting of the viewer's to another time, or say when one will be that has no time yet. Kind,
    /// distance and band stay what they were. To a request, the leader who was asked gives its first time.
    async fn reschedule_meeting(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and to when.")] input: RescheduleMeetingInput,
    ) -> Result<MeetingPayload, Fault> {
        let reschedule = app::RescheduleMeetingInput {
            meeting: uid(NodeKind::Meeting, &input.meeting_id),
            starts_at: input.starts_at.0,
            duration_minutes: input.duration_minutes,
        };
        let keyed = Keyed {
            key: input.idempotency_key,
            input: reschedule,
        };
        MeetingPayload::of(ctx, session(ctx)?.reschedule_meeting(&keyed).await?).await
    }

    /// Say that a meeting of the viewer's took place: it is HELD and counts from now on.
    async fn confirm_meeting(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and when it took place.")] input: ConfirmMeetingInput,
    ) -> Result<MeetingPayload, Fault> {
        let confirm = app::ConfirmMeetingInput {
            meeting: uid(NodeKind::Meeting, &input.meeting_id),
            held_at: input.held_at.map(|at| at.0),
        };
        let keyed = Keyed {
            key: input.idempotency_key,
            input: confirm,
        };
        MeetingPayload::of(ctx, session(ctx)?.confirm_meeting(&keyed).await?).await
    }

    /// Record a meeting that took place without having been scheduled.
    async fn record_meeting(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "With whom, and when it took place.")] input: RecordMeetingInput,
    ) -> Result<MeetingPayload, Fault> {
        let record = app::RecordMeetingInput {
            counterpart: uid(NodeKind::Person, &input.counterpart_id),
            held_at: input.held_at.0,
            duration_minutes: input.duration_minutes,
        };
        let keyed = Keyed {
            key: input.idempotency_key,
            input: record,
        };
        MeetingPayload::of(ctx, session(ctx)?.record_meeting(&keyed).await?).await
    }

    /// Call a scheduled meeting of the viewer's off.
    async fn cancel_meeting(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: CancelMeetingInput,
    ) -> Result<MeetingPayload, Fault> {
        let cancel = AboutMeeting {
            meeting: uid(NodeKind::Meeting, &input.meeting_id),
        };
        let keyed = Keyed {
            key: input.idempotency_key,
            input: cancel,
        };
        MeetingPayload::of(ctx, session(ctx)?.cancel_meeting(&keyed).await?).await
    }

    /// Say no to a meeting that the other one arranged or asked for. No reason is asked or kept; the two are not
    /// suggested to each other for as long as the settings say.
    async fn decline_meeting(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: DeclineMeetingInput,
    ) -> Result<MeetingPayload, Fault> {
        let decline = AboutMeeting {
            meeting: uid(NodeKind::Meeting, &input.meeting_id),
        };
        let keyed = Keyed {
            key: input.idempotency_key,
            input: decline,
        };
        MeetingPayload::of(ctx, session(ctx)?.decline_meeting(&keyed).await?).await
    }

    /// Ask a leader two or more levels above the viewer for a skip-level. The leader answers with scheduleMeeting or
    /// declineMeeting.
    async fn request_meeting(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom.")] input: RequestMeetingInput,
    ) -> Result<MeetingPayload, Fault> {
        let request = app::RequestMeetingInput {
            leader: uid(NodeKind::Person, &input.leader_id),
        };
        let keyed = Keyed {
            key: input.idempotency_key,
            input: request,
        };
        MeetingPayload::of(ctx, session(ctx)?.request_meeting(&keyed).await?).await
    }

    /// Say whether one wants to be suggested: to leaders above for a skip-level, to peers. What is suggested or agreed
    /// already stays, and so do the viewer's own suggestions as a leader. Nobody else is shown or told of it.
    async fn set_participation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to say.")] input: SetParticipationInput,
    ) -> Result<ParticipationPayload, Fault> {
        let keyed = Keyed {
            input: input.saying(),
            key: input.idempotency_key,
        };
        ParticipationPayload::of(ctx, session(ctx)?.set_participation(&keyed).await?).await
    }

    /// Say when one works, for times at which others could meet the viewer. Nobody else is shown what was said.
    async fn set_working_hours(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to say.")] input: SetWorkingHoursInput,
    ) -> Result<WorkingHoursPayload, Fault> {
        let keyed = Keyed {
            input: input.saying(),
            key: input.idempotency_key,
        };
        WorkingHoursPayload::of(ctx, session(ctx)?.set_working_hours(&keyed).await?).await
    }

    /// Give the viewer a calendar feed: an address that calendar programs subscribe to, with the viewer's own 1:1s and no notes
    /// of them. Called again it gives a new address, and the old one leads nowhere: to repeat it does no harm.
    async fn create_calendar_feed(&self, ctx: &Context<'_>) -> Result<CreateCalendarFeedPayload, Fault> {
        Ok(CreateCalendarFeedPayload::of(
            &session(ctx)?.create_calendar_feed().await?,
        ))
    }

    /// Take the viewer's calendar feed back: its address leads nowhere from now on.
    async fn revoke_calendar_feed(&self, ctx: &Context<'_>) -> Result<RevokeCalendarFeedPayload, Fault> {
        session(ctx)?.revoke_calendar_feed().await?;
        Ok(RevokeCalendarFeedPayload::done())
    }

    /// Get everything that is kept of the viewer, and of nobody else. It is written down that they got it.
    async fn export_my_data(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which part; the first if not given.")] input: ExportMyDataInput,
    ) -> Result<ExportMyDataPayload, Fault> {
        ExportMyDataPayload::of(ctx, input).await
    }

    /// Make somebody who has left a pseudonym, for good: names, addresses, ids, what they wrote, what was suggested and who
    /// their peers were are gone; their meetings, lines and days are still counted. An import of the same id does not bring
    /// them back. Erasing again changes nothing. For HR admins.
    async fn erase_person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom.")] input: ErasePersonInput,
    ) -> Result<PersonPayload, Fault> {
        let erase = app::ErasePersonInput {
            person: uid(NodeKind::Person, &input.person_id),
        };
        let keyed = Keyed {
            key: input.idempotency_key,
            input: erase,
        };
        PersonPayload::of(ctx, session(ctx)?.erase_person(&keyed).await?).await
    }

    /// Take back every token that somebody was issued up to now, wherever it is: from the next request on it is answered as if
    /// there were none. Tokens issued later hold, so whoever lost one signs in anew. Calendar feeds are taken back by
    /// revokeCalendarFeed. For HR admins, and for everybody of their own.
    async fn revoke_tokens(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose.")] input: RevokeTokensInput,
    ) -> Result<RevokeTokensPayload, Fault> {
        let revoke = app::RevokeTokensInput {
            person: input.person_id.as_ref().map(|id| uid(NodeKind::Person, id)),
        };
        let keyed = Keyed {
            key: input.idempotency_key,
            input: revoke,
        };
        RevokeTokensPayload::of(ctx, session(ctx)?.revoke_tokens(&keyed).await?).await
    }

    /// Propose somebody as a peer, or agree where they proposed the viewer: once both have, each always sees the other's
    /// card, and the two come first when peers are suggested. Also begins anew what has ended.
    async fn propose_peer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom.")] input: ProposePeerInput,
    ) -> Result<PeerPayload, Fault> {
        let propose = app::ProposePeerInput {
            person: uid(NodeKind::Person, &input.person_id),
        };
        let keyed = Keyed {
            key: input.idempotency_key,
            input: propose,
        };
        PeerPayload::of(ctx, session(ctx)?.propose_peer(&keyed).await?).await
    }

    /// Agree to a peer; or keep one whom three skips in a row propose to end.
    async fn confirm_peer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: ConfirmPeerInput,
    ) -> Result<PeerPayload, Fault> {
        let confirm = AboutPeer {
            peer: uid(NodeKind::Peer, &input.peer_id),
        };
        let keyed = Keyed {
            key: input.idempotency_key,
            input: confirm,
        };
        PeerPayload::of(ctx, session(ctx)?.confirm_peer(&keyed).await?).await
    }

    /// End a peer: the two are not suggested to each other any more, and a suggestion that is open is taken away. Either
    /// of the two may, at any time and without a reason.
    async fn end_peer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: EndPeerInput,
    ) -> Result<PeerPayload, Fault> {
        let end = AboutPeer {
            peer: uid(NodeKind::Peer, &input.peer_id),
        };
        let keyed = Keyed {
            key: input.idempotency_key,
            input: end,
        };
        PeerPayload::of(ctx, session(ctx)?.end_peer(&keyed).await?).await
    }

    /// Write a note on a meeting of the viewer's: for themselves alone, or for both. Nobody else ever reads it.
    async fn write_note(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "On which meeting, for whom, and what.")] input: WriteNoteInput,
    ) -> Result<NotePayload, Fault> {
        NotePayload::of(ctx, session(ctx)?.write_note(&input.read()).await?).await
    }

    /// Write a note of the viewer's own anew.
    async fn edit_note(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and what it says from now on.")] input: EditNoteInput,
    ) -> Result<NotePayload, Fault> {
        NotePayload::of(ctx, session(ctx)?.edit_note(&input.read()).await?).await
    }

    /// Delete a note of the viewer's own, for good.
    async fn delete_note(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: DeleteNoteInput,
    ) -> Result<DeleteNotePayload, Fault> {
        Ok(session(ctx)?.delete_note(&input.read()).await?.into())
    }

    /// Add something to the agenda of a meeting of the viewer's. The other one sees it too.
    async fn add_agenda_item(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "To which meeting's, and what.")] input: AddAgendaItemInput,
    ) -> Result<AgendaPayload, Fault> {
        AgendaPayload::of(ctx, session(ctx)?.add_agenda_item(&input.read()).await?).await
    }

    /// Change an item of the agenda of a meeting of the viewer's, or tick it off. Either of the two may, whoever added it.
    async fn edit_agenda_item(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and how it shall be.")] input: EditAgendaItemInput,
    ) -> Result<AgendaPayload, Fault> {
        AgendaPayload::of(ctx, session(ctx)?.edit_agenda_item(&input.read()).await?).await
    }

    /// Take an item off the agenda of a meeting of the viewer's. Either of the two may, whoever added it.
    async fn remove_agenda_item(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: RemoveAgendaItemInput,
    ) -> Result<AgendaPayload, Fault> {
        AgendaPayload::of(ctx, session(ctx)?.remove_agenda_item(&input.read()).await?).await
    }

    /// Thank somebody who has been especially helpful. The viewer's alone until they send it on.
    async fn write_kudos(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which meeting, whom, and what for.")] input: WriteKudosInput,
    ) -> Result<KudosPayload, Fault> {
        KudosPayload::of(ctx, session(ctx)?.write_kudos(&input.read()).await?).await
    }

    /// Send a thank-you of the viewer's own on to whoever it thanks, for good: with the viewer's name, and without the
    /// meeting.
    async fn send_kudos(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: SendKudosInput,
    ) -> Result<KudosPayload, Fault> {
        KudosPayload::of(ctx, session(ctx)?.send_kudos(&input.read()).await?).await
    }

    /// Delete a thank-you of the viewer's own that was not sent.
    async fn delete_kudos(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: DeleteKudosInput,
    ) -> Result<DeleteKudosPayload, Fault> {
        Ok(session(ctx)?.delete_kudos(&input.read()).await?.into())
    }

    /// Say to whom somebody reports from a day on. For HR admins.
    async fn set_manager(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, to whom, from when on.")] input: SetManagerInput,
    ) -> Result<PersonPayload, Fault> {
        let change = app::SetManagerInput {
            person: uid(NodeKind::Person, &input.person_id),
            manager: input.manager_id.as_ref().map(|id| uid(NodeKind::Person, id)),
            effective_date: input.effective_date.map(|day| day.0),
        };
        let keyed = Keyed {
            key: input.idempotency_key,
            input: change,
        };
        PersonPayload::of(ctx, session(ctx)?.set_manager(&keyed).await?).await
    }

    /// Change the organisation's settings: those that are given, all of them or none. They hold from the next request on;
    /// what is drawn already stays as it is. For HR admins.
    async fn update_settings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateSettingsInput,
    ) -> Result<SettingsPayload, Fault> {
        let keyed = Keyed {
            key: input.idempotency_key.clone(),
            input: app::UpdateSettingsInput {
                expected_version: input.expected_version.map(i64::from),
                patch: input.patch(),
            },
        };
        SettingsPayload::of(ctx, session(ctx)?.update_settings(&keyed).await?).await
    }

    /// Import people from an HR system, judged by the state that the rows lead to: whole or not at all. Plans only, unless
    /// dryRun is false. For HR admins, and the integration of the source.
    async fn sync_people(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rows and their rules.")] input: SyncPeopleInput,
    ) -> Result<SyncPayload, Fault> {
        SyncPayload::of(ctx, session(ctx)?.sync_people(&input.read()).await?).await
    }

    /// Import absences from a time-off system, each by its id there: whole or not at all. Plans only, unless dryRun is
    /// false. For HR admins, and the integration of the source.
    async fn sync_absences(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rows and their rules.")] input: SyncAbsencesInput,
    ) -> Result<ImportPayload, Fault> {
        let (dry_run, keyed) = input.read();
        Ok(ImportPayload::of(session(ctx)?.sync_absences(&keyed).await?, dry_run))
    }

    /// Import 1:1 meetings from a calendar, each by its id there: whole or not at all. What one of the two has said of a
    /// meeting stands. Plans only, unless dryRun is false. For HR admins, and the integration of the source.
    async fn import_meetings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rows and their rules.")] input: ImportMeetingsInput,
    ) -> Result<ImportPayload, Fault> {
        let (dry_run, keyed) = input.read();
        Ok(ImportPayload::of(session(ctx)?.import_meetings(&keyed).await?, dry_run))
    }

    /// Draw a week: fill the slots of all leaders who have nothing for it yet, and bring peers together who are due.
    /// Drawing a drawn week again changes nothing. For HR admins.
    async fn draw_suggestions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which week.")] input: DrawSuggestionsInput,
    ) -> Result<DrawPayload, Fault> {
        let draw = DrawInput {
            week: input.week.0,
            dry_run: input.dry_run,
        };
        let report = session(ctx)?
            .draw(&Keyed {
                key: input.idempotency_key,
                input: draw,
            })
            .await?;
        Ok(DrawPayload {
            week: Some(IsoWeek(report.week)),
            dry_run: input.dry_run,
            created: report.new.try_into().unwrap_or(i32::MAX),
            suggestions: report.suggestions.into_iter().map(Suggestion).collect(),
            empty_slots: report.empty.into_iter().map(EmptySlot).collect(),
            settings_version: report.settings_version.and_then(|version| version.try_into().ok()),
            user_errors: vec![],
        })
    }

    /// Make a webhook: a message is sent there when the change feed has gone on. For HR admins.
    async fn create_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where messages go.")] input: CreateWebhookInput,
    ) -> Result<WebhookPayload, Fault> {
        WebhookPayload::of(ctx, session(ctx)?.create_webhook(&input.keyed()).await?).await
    }

    /// Change a webhook. Enabling one again sends at once what it has missed. For HR admins.
    async fn update_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and what of it.")] input: UpdateWebhookInput,
    ) -> Result<WebhookPayload, Fault> {
        WebhookPayload::of(ctx, session(ctx)?.update_webhook(&input.keyed()).await?).await
    }

    /// Give a webhook another secret, which signs every attempt from now on. For HR admins.
    async fn rotate_webhook_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: RotateWebhookSecretInput,
    ) -> Result<WebhookPayload, Fault> {
        WebhookPayload::of(ctx, session(ctx)?.rotate_webhook_secret(&input.keyed()).await?).await
    }

    /// Remove a webhook, and what is on its way to it. For HR admins.
    async fn delete_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: DeleteWebhookInput,
    ) -> Result<DeleteWebhookPayload, Fault> {
        Ok(session(ctx)?.delete_webhook(&input.keyed()).await?.into())
    }
}
