// Uses that do not compile, each on a line that says so.

import type { AcceptSuggestionMutation, AcceptSuggestionMutationVariables, PeopleQuery, SuggestionStatus, ThisWeekQuery } from "./generated.mjs";

type Person = PeopleQuery["people"]["nodes"][number];

export function word(status: SuggestionStatus): string {
  switch (status) {
    case "OPEN":
      return "open";
    default:
      return status satisfies never; // wrong
  }
}

export const title = (person: Person): string => person.title; // wrong
export const manager = (person: Person): string => person.manager.name; // wrong
export const salary = (person: Person) => person.salary; // wrong
export const begins = (answer: ThisWeekQuery): Date => answer.viewer.week.startsOn; // wrong
export const variables: AcceptSuggestionMutationVariables = { startsAt: "2026-03-24T09:00:00Z" }; // wrong
export const status = (answer: AcceptSuggestionMutation) => answer.acceptSuggestion.suggestion.status; // wrong
export const unknown: SuggestionStatus = "PERHAPS"; // wrong
