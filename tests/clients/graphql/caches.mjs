// Apollo Client and urql with normalised caches, as a frontend sets them up: what is known is not asked again, what a mutation
// answers shows wherever it is on the screen, pages become one list, and errors are told apart from what users can mend.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { relayStylePagination } from "@apollo/client/utilities";
import { Client, fetchExchange } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import { buildSchema, introspectionFromSchema, isInterfaceType, isObjectType } from "graphql";

import { PEOPLE, check, same } from "./server.mjs";

const document = (name) => readFileSync(`docs/operations/${name}.graphql`, "utf8");
const THIS_WEEK = document("this-week");
const ACCEPT = document("accept-suggestion");
const PAGE = "query Page($after: String) { people(first: 20, after: $after) { edges { node { id name } } pageInfo { hasNextPage endCursor } } }";
const HOURS = "query Hours { viewer { workingHours { start end } } }";
const TOO_MUCH = "query TooMuch { people(first: 1000) { totalCount } }";

const names = PEOPLE.map(({ name }) => name).sort();
const schema = buildSchema(readFileSync("schema.graphql", "utf8"));

export async function caches(skiplevel) {
  const admin = skiplevel.token("admin", "--role", "hr_admin");
  for (const [name, make, leader] of [["Apollo Client", apollo, "head"], ["urql", urql, "north"]]) {
    await answers(make(skiplevel, skiplevel.token(leader)), name);
    await pages(make(skiplevel, admin), name);
    console.log(`caches: ${name} keeps what it knows, shows what changed, and makes one list of ${names.length} people`);
  }
  await fallsBack(skiplevel, admin);
}

/** A leader looks at their week, at something else, and at their week again; then accepts a suggestion, twice. */
async function answers(client, name) {
  const { viewer } = await client.query(THIS_WEEK);
  await client.query(HOURS);
  await client.query(THIS_WEEK);
  same(client.requests(), 2, `${name}: requests for two things, one of them twice`);
  const [suggestion] = viewer.week.suggestions;
  same(suggestion.status, "OPEN", `${name}: the suggestion`);

  const variables = { suggestionId: suggestion.id, startsAt: "2026-03-24T09:00:00Z", idempotencyKey: "one" };
  const { acceptSuggestion } = await client.mutate(ACCEPT, variables);
  same(acceptSuggestion.userErrors, [], `${name}: what is wrong with accepting`);
  const { viewer: after } = await client.query(THIS_WEEK);
  const [{ status, meeting }] = after.week.suggestions;
  same([status, meeting?.status, client.requests()], ["ACCEPTED", "SCHEDULED", 3], `${name}: the suggestion where it was seen before, and requests`);

  const again = await client.mutate(ACCEPT, { ...variables, idempotencyKey: "two" });
  check(again.acceptSuggestion.userErrors.length === 1, `${name}: what a user can mend is data`);
  same(await client.refusal(TOO_MUCH), "BAD_USER_INPUT", `${name}: the code of an error`);
  same(client.complaints, [], `${name}: what it complains of`);
}

/** Everybody, page by page, in one list. */
async function pages(client, name) {
  let { people } = await client.query(PAGE, {});
  while (people.pageInfo.hasNextPage) {
    const before = people.edges.length;
    people = await client.more(PAGE, people.pageInfo.endCursor);
    check(people.edges.length > before, `${name}: a page that is not added to the list`);
  }
  same(people.edges.map(({ node }) => node.name), names, `${name}: the pages together`);
  same(client.requests(), Math.ceil(names.length / 20), `${name}: requests for its pages`);
  same(client.complaints, [], `${name}: what it complains of`);
}

function apollo(skiplevel, token) {
  const { fetch, requests } = counting(token);
  const cache = new InMemoryCache({
    possibleTypes: Object.fromEntries(ofKind(isInterfaceType).map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)])),
    typePolicies: { Query: { fields: { people: relayStylePagination(["filter", "orderBy"]), viewer: { merge: true } } } },
  });
  const link = new HttpLink({ uri: `${skiplevel.address}/graphql`, fetch });
  const client = new ApolloClient({ cache, link });
  const complaints = [];
  for (const name of ["warn", "error"]) console[name] = intercept(console[name], complaints);
  return {
    requests,
    complaints,
    query: async (text, variables) => (await client.query({ query: gql(text), variables })).data,
    mutate: async (text, variables) => (await client.mutate({ mutation: gql(text), variables })).data,
    refusal: async (text) => {
      const error = await client.query({ query: gql(text) }).then(() => undefined, (error) => error);
      check(CombinedGraphQLErrors.is(error), `Apollo Client: ${error} should be an error of GraphQL`);
      return error.errors[0].extensions.code;
    },
    more: async (text, after) => {
      const query = client.watchQuery({ query: gql(text), variables: {} });
      const subscription = query.subscribe({ next() {} });
      await query.fetchMore({ variables: { after } });
      subscription.unsubscribe();
      return client.readQuery({ query: gql(text), variables: {} }).people;
    },
  };
}

function urql(skiplevel, token) {
  const { fetch, requests } = counting(token);
  const complaints = [];
  const withoutId = ofKind(isObjectType).filter((type) => !type.name.startsWith("__") && !type.getFields().id);
  const client = new Client({
    url: `${skiplevel.address}/graphql`,
    fetch,
    exchanges: [
      cacheExchange({
        schema: introspectionFromSchema(schema),
        keys: Object.fromEntries(withoutId.map(({ name }) => [name, () => null])),
        resolvers: { Query: { people: relayPagination() } },
        logger: (severity, message) => severity !== "debug" && complaints.push(message),
      }),
      fetchExchange,
    ],
  });
  const data = ({ data, error }) => {
    check(!error, `urql: ${error}`);
    return data;
  };
  return {
    requests,
    complaints,
    query: async (text, variables = {}) => data(await client.query(text, variables).toPromise()),
    mutate: async (text, variables) => data(await client.mutation(text, variables).toPromise()),
    refusal: async (text) => (await client.query(text, {}).toPromise()).error?.graphQLErrors[0]?.extensions.code,
    more: async (text, after) => data(await client.query(text, { after }).toPromise()).people,
  };
}

/** Automatic persisted queries are off by default: a client that tries them finds out once, and goes on without. */
async function fallsBack(skiplevel, token) {
  const { fetch, requests } = counting(token);
  const sha256 = (text) => createHash("sha256").update(text).digest("hex");
  const link = ApolloLink.from([new PersistedQueryLink({ sha256 }), new HttpLink({ uri: `${skiplevel.address}/graphql`, fetch })]);
  const client = new ApolloClient({ cache: new InMemoryCache(), link });
  for (const after of [undefined, null]) {
    const { data } = await client.query({ query: gql(PAGE), variables: { after }, fetchPolicy: "network-only" });
    check(data.people.edges.length === 20, "Apollo Client without its persisted queries");
  }
  same(requests(), 3, "requests for two queries, of which the first found out that hashes are not enough");
  console.log("caches: Apollo Client does without automatic persisted queries where they are off");
}

/** A `fetch` that signs in, and the number of its requests. */
function counting(token) {
  let made = 0;
  return {
    requests: () => made,
    fetch: (url, { headers, ...more }) => {
      made += 1;
      return fetch(url, { ...more, headers: { ...headers, authorization: `Bearer ${token}` } });
    },
  };
}

/** Passes on what a client complains of, and writes it down. */
function intercept(say, complaints) {
  return (...words) => {
    complaints.push(words.join(" "));
    say(...words);
  };
}

function ofKind(is) {
  return Object.values(schema.getTypeMap()).filter(is);
}
