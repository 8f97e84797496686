// The program on the database that a check is given, with an organisation that is known beforehand. Checks run below
// `target`, where this file lies beside them.
//
//     node check.mjs PROGRAM DATABASE_URL

import { spawn, execFileSync } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A Monday. */
export const NOW = "2026-03-23T08:00:00Z";

const [program, database] = process.argv.slice(2);

/** Two parts of the organisation below one head; in each a lead, five managers, and four people for each of these. */
export const PEOPLE = (() => {
  const person = (id, name, manager, department, title) => ({ id, name, manager, department, title });
  const people = [person("head", "Made-up Head", "", "Office", "Chief")];
  for (const part of ["North", "South"]) {
    const lead = part.toLowerCase();
    people.push(person(lead, `Lead ${part}`, "head", part, "Lead"));
    for (let manager = 1; manager <= 5; manager += 1) {
      people.push(person(`${lead}-${manager}`, `Manager ${part} ${manager}`, lead, part, "Manager"));
      for (let member = 1; member <= 4; member += 1) {
        people.push(person(`${lead}-${manager}-${member}`, `Member ${part} ${manager}${member}`, `${lead}-${manager}`, part, "Member"));
      }
    }
  }
  return people;
})();

export class Skiplevel {
  constructor() {
    check(program && database, "usage: node check.mjs PROGRAM DATABASE_URL");
    this.place = mkdtempSync(join(tmpdir(), "skiplevel-check-"));
    this.environment = {
      DATABASE_URL: database,
      SKIPLEVEL_JWT_SECRET: "a secret for one run of the checks, no longer",
      SKIPLEVEL_JWT_SUBJECT: "external_id:hr",
      SKIPLEVEL_LISTEN: "127.0.0.1:0",
    };
    const rows = PEOPLE.map(({ id, name, manager, department, title }) => `${id},${name},${id}@example.org,${title},${department},${manager},2024-01-08`);
    const header = "external_id,name,email,title,department,manager_external_id,start_date";
    writeFileSync(join(this.place, "people.csv"), [header, ...rows].join("\n"));
    this.run("import", "people", "people.csv", "--source", "hr", "--apply", "--now", NOW);
    this.log = join(this.place, "skiplevel.log");
  }

  /** What a command prints. */
  run(...given) {
    const settings = { cwd: this.place, env: this.environment, stdio: ["ignore", "pipe", "ignore"], encoding: "utf8" };
    return execFileSync(program, given, settings).trim();
  }

  token(sub, ...role) {
    return this.run("token", "--sub", sub, "--now", NOW, ...role);
  }

  /** Serves, with further settings. */
  async start(settings = {}) {
    const env = { ...this.environment, ...settings };
    this.server = spawn(program, ["serve", "--now", NOW], { cwd: this.place, env, stdio: ["ignore", "pipe", openSync(this.log, "w")] });
    this.ended = new Promise((resolve) => this.server.once("exit", resolve));
    this.address = await new Promise((resolve, reject) => {
      this.ended.then((code) => reject(new Error(`the server ended with ${code}: ${readFileSync(this.log)}`)));
      this.server.stdout.on("data", (text) => {
        const found = /http:\/\/[^/\s]+/.exec(String(text));
        if (found) resolve(found[0]);
      });
    });
  }

  /** What the API answers, with whatever else the body says. */
  async post(token, body) {
    const answer = await fetch(`${this.address}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    return answer.json();
  }

  /** The data of an answer without errors. */
  async ask(token, query, variables) {
    const { data, errors } = await this.post(token, { query, variables });
    check(!errors, `${query}: ${JSON.stringify(errors)}`);
    return data;
  }

  /** Ends the server, if there is one. */
  async stop() {
    this.server?.kill();
    await this.ended;
  }

  /** Leaves nothing but the database. */
  async end() {
    await this.stop();
    rmSync(this.place, { recursive: true, force: true });
  }
}

/** Fails the run unless something holds. */
export function check(holds, what) {
  if (!holds) throw new Error(what);
}

/** Fails the run unless two values are the same as JSON. */
export function same(found, wanted, what) {
  const [is, shouldBe] = [found, wanted].map((value) => JSON.stringify(value));
  check(is === shouldBe, `${what}: it is\n${is}\nand should be\n${shouldBe}`);
}
