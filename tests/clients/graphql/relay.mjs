// Relay: its compiler takes documents that page and refetch, and its runtime goes through whole lists, forward and backward. Then
// the same with nothing but the hashes that the compiler wrote, against a server that answers trusted documents only.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { PEOPLE, check, same } from "./server.mjs";

const require = createRequire(import.meta.url);
const {
  Environment, Network, RecordSource, Store, createOperationDescriptor, fetchQuery, getPaginationMetadata, getPaginationVariables, getRefetchMetadata,
  getRequest, getSingularSelector,
} = require("relay-runtime");

/** A list on the root to page through one way. */
const list = (name, field, { size, cursor, of }) => `
  fragment documents_${name} on Query
  @argumentDefinitions(count: { type: "Int", defaultValue: 7 }, cursor: { type: "String" })
  @refetchable(queryName: "documents${name}PageQuery") {
    ${field}(${size}: $count, ${cursor}: $cursor) @connection(key: "documents_${name}_${field}") { edges { node { id ${of} } } }
  }
  query documents${name}Query { ...documents_${name} }`;

const DOCUMENTS = [
  list("Forward", "people", { size: "first", cursor: "after", of: "name" }),
  list("Backward", "people", { size: "last", cursor: "before", of: "name" }),
  list("Suggestions", "suggestions", { size: "first", cursor: "after", of: "week leader { name }" }),
  `fragment documents_Below on Person
  @argumentDefinitions(count: { type: "Int", defaultValue: 7 }, cursor: { type: "String" })
  @refetchable(queryName: "documentsBelowPageQuery") {
    below(first: $count, after: $cursor) @connection(key: "documents_Below_below") { edges { node { id name } } }
  }
  query documentsBelowQuery { viewer { person { ...documents_Below } } }`,
  `fragment documents_Card on Person @refetchable(queryName: "documentsCardQuery") { name department }
  fragment documents_Slot on Suggestion @refetchable(queryName: "documentsSlotQuery") { week status }`,
];

/** What Relay's compiler makes of the documents. */
export class Project {
  constructor() {
    const place = new URL("relay", import.meta.url).pathname;
    rmSync(place, { recursive: true, force: true });
    for (const name of ["source", "artifacts", "documents"]) mkdirSync(join(place, name), { recursive: true });
    copyFileSync("schema.graphql", join(place, "schema.graphql"));
    writeFileSync(join(place, "documents", "persisted-queries.json"), "{}");
    writeFileSync(join(place, "source", "documents.js"), DOCUMENTS.map((text) => `graphql\`${text}\`;`).join("\n"));
    // What the compiler makes are modules of the older kind.
    writeFileSync(join(place, "package.json"), JSON.stringify({ type: "commonjs" }));
    writeFileSync(join(place, "relay.config.json"), JSON.stringify({
      src: "source",
      schema: "schema.graphql",
      language: "javascript",
      eagerEsModules: false,
      artifactDirectory: "artifacts",
      persistConfig: { file: "documents/persisted-queries.json", algorithm: "SHA256" },
    }));
    const compiler = new URL("node_modules/relay-compiler/cli.js", import.meta.url).pathname;
    execFileSync(process.execPath, [compiler, "relay.config.json"], { cwd: place, stdio: ["ignore", "ignore", "inherit"] });
    this.place = place;
    /** The directory with the texts of the operations by their hash. */
    this.documents = join(place, "documents");
    this.texts = JSON.parse(readFileSync(join(this.documents, "persisted-queries.json"), "utf8"));
  }

  artifact(name) {
    return require(join(this.place, "artifacts", `${name}.graphql.js`));
  }
}

/** Pages and refetches, sending the texts of operations. */
export async function pages(skiplevel, project) {
  const { found } = await everything(skiplevel, project, ({ id }) => ({ query: project.texts[id] }));
  console.log(`relay: ${found}`);
}

/** The same, sending nothing but hashes, where nothing else is answered. */
export async function trusted(skiplevel, project) {
  const { found, admin } = await everything(skiplevel, project, ({ id }) => ({ documentId: `sha256:${id}` }));
  for (const query of ["{ viewer { roles } }", "{ __schema { queryType { name } } }"]) {
    const { data, errors } = await skiplevel.post(admin, { query });
    same([data, errors?.[0].extensions.code], [undefined, "QUERY_NOT_IN_SAFELIST"], query);
  }
  console.log(`relay, trusted documents alone: ${found}`);
}

async function everything(skiplevel, project, body) {
  const admin = skiplevel.token("admin", "--role", "hr_admin");
  const head = skiplevel.token("head");
  const run = (token) => new Run(skiplevel, token, project, body);
  const names = PEOPLE.map(({ name }) => name).sort();

  const forward = await run(admin).list("Forward");
  same(forward.nodes.map(({ name }) => name), names, "people, forward");
  const backward = await run(admin).list("Backward");
  same(backward.nodes.map(({ name }) => name), names, "people, backward");
  check(forward.pages === Math.ceil(names.length / 7) && backward.pages === forward.pages, `pages of seven, and not ${forward.pages} and ${backward.pages}`);

  const leaders = ["Made-up Head", "Lead North", "Lead South"];
  const drawn = await run(admin).list("Suggestions");
  same([...new Set(drawn.nodes.map(({ leader }) => leader.name))].sort(), [...leaders].sort(), "leaders to whom somebody was suggested");

  const below = await run(head).list("Below", ({ viewer }) => viewer.person);
  same(below.nodes.map(({ name }) => name), names.filter((name) => name !== "Made-up Head"), "everybody below the head");

  const [{ id }] = forward.nodes;
  same(await run(admin).node("Card", id), { name: names[0], department: "North", id }, "a person by id");
  const [suggestion] = drawn.nodes;
  const slot = await run(admin).node("Slot", suggestion.id);
  same([slot.id, slot.week], [suggestion.id, suggestion.week], "a suggestion by id");
  const nobody = await run(skiplevel.token("north")).node("Card", backward.nodes.at(-1).id);
  same(nobody, null, "a person out of reach by id");
  return { admin, found: `${forward.pages} pages forward, ${backward.pages} backward, ${below.pages} below somebody, nodes by id` };
}

/** Relay's runtime with an empty store. */
class Run {
  constructor({ address }, token, project, body) {
    this.project = project;
    const network = Network.create(async (request, variables) => {
      const answer = await fetch(`${address}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/graphql-response+json", authorization: `Bearer ${token}` },
        body: JSON.stringify({ ...body(request), variables }),
      });
      return answer.json();
    });
    this.environment = new Environment({ network, store: new Store(new RecordSource()) });
  }

  /** Everything that a list has, page by page, as a component would read it. `at` is where the fragment is spread. */
  async list(name, at = (data) => data) {
    const { environment } = this;
    const fragment = this.project.artifact(`documents_${name}`);
    const { paginationRequest, paginationMetadata, connectionPathInFragmentData } = getPaginationMetadata(fragment, "the check");
    const { identifierInfo } = getRefetchMetadata(fragment, "the check");
    const first = createOperationDescriptor(getRequest(this.project.artifact(`documents${name}Query`)), {});
    environment.retain(first);
    await fetchQuery(environment, first.request.node, {}).toPromise();
    const spread = at(environment.lookup(first.fragment).data);
    const read = () => {
      const { data } = environment.lookup(getSingularSelector(fragment, spread));
      return { data, connection: connectionPathInFragmentData.reduce((part, key) => part[key], data) };
    };
    const [direction, more, cursor] = paginationMetadata.forward ? ["forward", "hasNextPage", "endCursor"] : ["backward", "hasPreviousPage", "startCursor"];
    let { data, connection } = read();
    let pages = 1;
    for (; connection.pageInfo[more]; pages += 1) {
      const before = connection.edges.length;
      const identity = identifierInfo ? { [identifierInfo.identifierQueryVariableName]: data[identifierInfo.identifierField] } : {};
      const variables = getPaginationVariables(direction, 7, connection.pageInfo[cursor], {}, identity, paginationMetadata);
      await fetchQuery(environment, paginationRequest, variables).toPromise();
      ({ data, connection } = read());
      check(connection.edges.length > before, `${name}: page ${pages + 1} brings nothing`);
    }
    return { pages, nodes: connection.edges.map(({ node }) => node) };
  }

  /** One node by its id, as its fragment reads it. */
  async node(name, id) {
    const request = getRequest(this.project.artifact(`documents${name}Query`));
    const operation = createOperationDescriptor(request, { id });
    this.environment.retain(operation);
    await fetchQuery(this.environment, request, { id }).toPromise();
    const { node } = this.environment.lookup(operation.fragment).data;
    return node && this.environment.lookup(getSingularSelector(this.project.artifact(`documents_${name}`), node)).data;
  }
}
