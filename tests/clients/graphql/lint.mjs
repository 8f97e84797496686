// What is good form in a schema: a linter's rules, and those of ours that it does not have. What is looked at is what the server
// tells of itself, which has to be what the program prints; the documents that frontends begin with have to fit it.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  GraphQLSchema, buildClientSchema, buildSchema, getIntrospectionQuery, getNamedType, isEnumType, isInputObjectType, isInterfaceType, isNonNullType, isObjectType,
  isScalarType, isSpecifiedDirective, isSpecifiedScalarType, lexicographicSortSchema, parse, printSchema, validate,
} from "graphql";

import { check, same } from "./server.mjs";

const DOCUMENTS = "docs/operations";

/** Rules of graphql-schema-linter: all but those that ask for the order of the alphabet. */
const RULES = [
  "arguments-have-descriptions", "defined-types-are-used", "deprecations-have-a-reason", "descriptions-are-capitalized", "enum-values-all-caps",
  "enum-values-have-descriptions", "fields-are-camel-cased", "fields-have-descriptions", "input-object-values-have-descriptions",
  "input-object-values-are-camel-cased", "relay-connection-arguments-spec", "relay-connection-types-spec", "relay-page-info-spec",
  "types-are-capitalized", "types-have-descriptions",
];

/** Scalars of ours for which there is no specification. */
const UNSPECIFIED = ["IsoWeek"];

export async function lint(skiplevel, token) {
  const everything = { descriptions: true, directiveIsRepeatable: true, inputValueDeprecation: true, oneOf: true, schemaDescription: true, specifiedByUrl: true };
  const told = buildClientSchema(await skiplevel.ask(token, getIntrospectionQuery(everything)));
  const printed = buildSchema(skiplevel.run("schema"));
  const [is, shouldBe] = [told, printed].map(lines);
  const at = shouldBe.findIndex((line, index) => line !== is[index]);
  check(is.length === shouldBe.length && at < 0, `introspection has "${is[at]}" where \`skiplevel schema\` has "${shouldBe[at]}"`);

  const found = [...linted(printSchema(told)), ...broken(told)];
  check(found.length === 0, found.join("\n"));
  const bad = new Set([...linted(BAD), ...broken(buildSchema(BAD))].map((finding) => finding.split(":")[0]));
  same([...bad].sort(), BAD_FOR, "the rules that a bad schema breaks");

  for (const name of readdirSync(DOCUMENTS)) {
    const errors = validate(told, parse(readFileSync(join(DOCUMENTS, name), "utf8")));
    check(errors.length === 0, `${name}: ${errors.join("\n")}`);
  }
  const items = described(told);
  console.log(`lint: ${items.length} of ${items.length} types, fields, arguments, values and directives are described; nothing is bad form`);
}

/** A schema in the order of the alphabet. Its own description is left out: the library has one, the same for every schema. */
function lines(schema) {
  const { description, ...config } = lexicographicSortSchema(schema).toConfig();
  return printSchema(new GraphQLSchema(config)).split("\n");
}

/** What the linter finds, each with its rule. */
function linted(sdl) {
  const place = mkdtempSync(join(tmpdir(), "skiplevel-lint-"));
  try {
    const file = join(place, "schema.graphql");
    writeFileSync(file, sdl);
    const linter = new URL("node_modules/graphql-schema-linter/lib/cli.js", import.meta.url).pathname;
    const { errors } = JSON.parse(output(process.execPath, [linter, "--format", "json", "--rules", RULES.join(","), file]));
    return errors.map(({ rule, message, location }) => `${rule}: ${message} (line ${location.line})`);
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** What a program prints, even if what it says is that something is bad. */
function output(program, given) {
  try {
    return execFileSync(program, given, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  } catch (error) {
    if (error.status === 1 && error.stdout) return error.stdout;
    throw error;
  }
}

/** What breaks the rules of ours, each with its rule. */
function broken(schema) {
  const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith("__"));
  const objects = types.filter(isObjectType);
  const fields = objects.flatMap((type) => Object.values(type.getFields()).map((field) => ({ where: `${type.name}.${field.name}`, type, field })));
  const roots = [schema.getQueryType(), schema.getMutationType()].flatMap((type) => Object.values(type?.getFields() ?? {}));
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
  const isNode = (type) => type.getInterfaces().some(({ name }) => name === "Node");
  const typed = (of, name) => String(of?.[name]?.type);
  const query = schema.getQueryType().getFields();

  const rules = {
    "descriptions-everywhere": described(schema).filter(([, words]) => !words?.trim()).map(([where]) => where),
    "id-is-a-node": objects.filter((type) => type.getFields().id && !(isNode(type) && typed(type.getFields(), "id") === "ID!")).map(({ name }) => name),
    "nodes-by-id": typed(query, "node") === "Node" && typed(query, "nodes") === "[Node]!" ? [] : ["Query.node, Query.nodes"],
    "connections-have-rows": objects.filter(({ name }) => name.endsWith("Connection")).filter((type) => {
      const node = type.name.replace(/Connection$/, "");
      const { edges, nodes, pageInfo, totalCount } = type.getFields();
      return `${edges?.type} ${pageInfo?.type} ${totalCount?.type}` !== `[${node}Edge!]! PageInfo! Int` || !/^\[\w+!\]!$/.test(String(nodes?.type));
    }).map(({ name }) => name),
    "connections-end": fields.filter(({ field }) => getNamedType(field.type).name.endsWith("Connection"))
      .filter(({ field }) => !field.args.some(({ name }) => name === "first") || !isNonNullType(field.type)).map(({ where }) => where),
    "one-input": mutations.filter(({ args }) => args.length > 0).filter(({ name, args }) => args.length > 1 || args[0].name !== "input" || !isNonNullType(args[0].type)
      || getNamedType(args[0].type).name.toLowerCase() !== `${name}input`.toLowerCase()).map(({ name }) => name),
    "payloads-have-user-errors": mutations.filter(({ type }) => typed(getNamedType(type).getFields?.(), "userErrors") !== "[UserError!]!").map(({ name }) => name),
    "payloads-may-be-empty": mutations.flatMap(({ type }) => Object.values(getNamedType(type).getFields?.() ?? {})
      .filter((field) => isNonNullType(field.type) && isObjectType(field.type.ofType)).map(({ name }) => `${getNamedType(type).name}.${name}`)),
    "no-verbs-of-reading": roots.filter(({ name }) => /^(get|list|fetch|find)[A-Z]/.test(name)).map(({ name }) => name),
    "no-words-of-storage": types.filter(({ name }) => /(Model|Dto|Entity|Record)$|^Naive/.test(name)).map(({ name }) => name),
    "at-is-an-instant": fields.filter(({ field }) => /[a-z]At$/.test(field.name) && getNamedType(field.type).name !== "DateTime").map(({ where }) => where),
    "deprecations-have-a-day": deprecated(schema).filter(([, reason]) => !/Removed after \d{4}-\d{2}-\d{2}\./.test(reason)).map(([where]) => where),
    "scalars-are-specified": types.filter((type) => isScalarType(type) && !isSpecifiedScalarType(type) && !type.specifiedByURL)
      .map(({ name }) => name).filter((name) => !UNSPECIFIED.includes(name)),
  };
  return Object.entries(rules).flatMap(([rule, all]) => all.map((where) => `${rule}: ${where}`));
}

/** Everything of ours that can be described, with its description. */
function described(schema) {
  return parts(schema).map(([where, { description }]) => [where, description]);
}

function deprecated(schema) {
  return parts(schema).filter(([, part]) => part.deprecationReason != null).map(([where, part]) => [where, part.deprecationReason]);
}

/** Every type, field, argument, value and directive of ours, with where it is. */
function parts(schema) {
  const withArguments = (where, part) => [[where, part], ...part.args.map((argument) => [`${where}(${argument.name})`, argument])];
  const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith("__") && !isSpecifiedScalarType(type));
  const directives = schema.getDirectives().filter((directive) => !isSpecifiedDirective(directive));
  const within = (type) => {
    if (isEnumType(type)) return type.getValues().map((value) => [`${type.name}.${value.name}`, value]);
    if (isInputObjectType(type)) return Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field]);
    if (!isObjectType(type) && !isInterfaceType(type)) return [];
    return Object.values(type.getFields()).flatMap((field) => withArguments(`${type.name}.${field.name}`, field));
  };
  return [...types.flatMap((type) => [[type.name, type], ...within(type)]), ...directives.flatMap((directive) => withArguments(`@${directive.name}`, directive))];
}

/** A schema that breaks every rule of ours, and some of the linter's: a rule that finds nothing in it finds nothing anywhere. */
const BAD = `
"Reads."
type Query {
  "Old." getThing(id: ID!): ThingModel @deprecated(reason: "Use another.")
  "A thing." thing: Thing
  "Things." things: ThingConnection
}
"Writes."
type Mutation { "Changes." change(id: ID!): ChangePayload }
"What came of it."
type ChangePayload { "The thing." thing: Thing! }
"A thing."
type Thing { id: Int "When." changedAt: Odd! }
"A thing as it is stored."
type ThingModel { "Its name." Name: String }
"A page."
type ThingConnection { "The rows." edges: [Thing!]! }
"Odd."
scalar Odd
`;

const BAD_FOR = [
  "at-is-an-instant", "arguments-have-descriptions", "connections-end", "connections-have-rows", "deprecations-have-a-day", "descriptions-everywhere",
  "fields-are-camel-cased", "fields-have-descriptions", "id-is-a-node", "no-verbs-of-reading", "no-words-of-storage", "nodes-by-id", "one-input",
  "payloads-have-user-errors", "payloads-may-be-empty", "relay-connection-arguments-spec", "relay-connection-types-spec", "relay-page-info-spec",
  "scalars-are-specified",
].sort();
