// TypeScript: the types that GraphQL Code Generator makes of the schema and of the documents in docs/operations, used the way
// they should be and in ways that the compiler has to refuse.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { codegen } from "@graphql-codegen/core";
import * as operations from "@graphql-codegen/typescript-operations";
import { buildSchema, isScalarType, isSpecifiedScalarType, parse } from "graphql";

import { check, same } from "./server.mjs";

const DOCUMENTS = "docs/operations";

export async function types() {
  const place = new URL("types", import.meta.url).pathname;
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
  const made = await generated();
  writeFileSync(join(place, "generated.mts"), made);
  const uses = copied("uses.mts", place);
  same(refusals(join(place, "generated.mts"), uses.file), [], "what the compiler has against right uses");
  const refused = copied("refused.mts", place);
  const wrong = refused.lines.flatMap((line, index) => (line.endsWith("// wrong") ? [index + 1] : []));
  check(wrong.length > 0, "there should be wrong uses");
  same(refusals(refused.file).map((refusal) => Number.parseInt(refusal, 10)), wrong, "the lines with uses that the compiler refuses");
  console.log(`types: ${made.split("\n").length} lines made, and ${wrong.length} of ${wrong.length} wrong uses refused`);
}

async function generated() {
  const text = readFileSync("schema.graphql", "utf8");
  const schema = buildSchema(text);
  const own = Object.values(schema.getTypeMap()).filter((type) => isScalarType(type) && !isSpecifiedScalarType(type));
  return codegen({
    filename: "generated.mts",
    schema: parse(text),
    schemaAst: schema,
    documents: readdirSync(DOCUMENTS).map((location) => ({ location, document: parse(readFileSync(join(DOCUMENTS, location), "utf8")) })),
    config: { strictScalars: true, scalars: Object.fromEntries([["ID", "string"], ...own.map(({ name }) => [name, "string"])]) },
    plugins: [{ operations: {} }],
    pluginMap: { operations },
  });
}

function copied(name, place) {
  const from = new URL(name, import.meta.url).pathname;
  const file = join(place, name);
  copyFileSync(from, file);
  return { file, lines: readFileSync(file, "utf8").split("\n") };
}

/** What the compiler refuses in these files, each with its line. */
function refusals(...files) {
  const compiler = new URL("node_modules/typescript/bin/tsc", import.meta.url).pathname;
  const options = ["--strict", "--noEmit", "--pretty", "false", "--target", "es2022", "--module", "nodenext"];
  try {
    execFileSync(process.execPath, [compiler, ...options, ...files], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
    return [];
  } catch (error) {
    const found = [...(error.stdout ?? "").matchAll(/\((\d+),\d+\): error (.*)/g)].map(([, line, message]) => `${line}: ${message}`);
    check(found.length > 0, `the compiler: ${error.stdout || error}`);
    return found;
  }
}
