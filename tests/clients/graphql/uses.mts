// How the generated types are meant to be used. It has to compile.

import type { AcceptSuggestionMutation, AcceptSuggestionMutationVariables, CoverageQuery, PeopleQuery, SuggestionStatus, ThisWeekQuery } from "./generated.mjs";

type Person = PeopleQuery["people"]["nodes"][number];

/** Every status has its word: were there another, `status` would not be `never`. */
export function word(status: SuggestionStatus): string {
  switch (status) {
    case "OPEN":
      return "open";
    case "ACCEPTED":
      return "accepted";
    case "SKIPPED":
    case "SWAPPED":
      return "passed over";
    case "EXPIRED":
    case "INVALIDATED":
      return "over";
    default:
      return status satisfies never;
  }
}

/** Names are always there; what only a profile has may not be. */
export function line(person: Person): string {
  return [person.name.toUpperCase(), person.title ?? "", person.manager?.name ?? "", person.lastHeard ?? "never"].join(", ");
}

/** Days, weeks and instants are texts. */
export function begins(answer: ThisWeekQuery): [string, string] {
  return [answer.viewer.week.week.slice(0, 4), answer.viewer.week.startsOn.slice(0, 4)];
}

/** Numbers of groups may be kept back. */
export function share(answer: CoverageQuery): number {
  return answer.coverage.total.share ?? 0;
}

/** What can be left out may be left out. */
export const variables: AcceptSuggestionMutationVariables = { suggestionId: "S", startsAt: "2026-03-24T09:00:00Z" };

/** What users can mend is data, and always there. */
export function mistakes(answer: AcceptSuggestionMutation): string[] {
  return answer.acceptSuggestion.userErrors.map(({ code, message }) => `${code}: ${message}`);
}
