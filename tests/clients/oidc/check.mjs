// Has a real identity provider (oidc-provider) sign tokens for the server, which finds the keys by itself: keys of every
// kind, keys that rotate, a provider that is not there yet, goes away and comes back.
//
//     node check.mjs PROGRAM DATABASE_URL
//
// Exit: 0 if all is well, 1 if something is not.

import { execFileSync, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import Provider from "oidc-provider";

const [program, database] = process.argv.slice(2);
const ALGORITHMS = ["RS256", "ES256", "EdDSA"];
/** Machines that get tokens for themselves, so their id is the subject. */
const CLIENTS = { ada: [], bob: [], console: ["hr_admin"] };

const PEOPLE = `external_id,name,email,manager_external_id,start_date
ada,Made-up Ada,ada@example.org,,2024-01-08
bob,Made-up Bob,bob@example.org,ada,2024-01-08
`;

function check(holds, what) {
  if (!holds) throw new Error(what);
}

/** A new key for each algorithm, whose ids end alike. */
function newKeys(name) {
  const pairs = {
    RS256: generateKeyPairSync("rsa", { modulusLength: 2048 }),
    ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
    EdDSA: generateKeyPairSync("ed25519"),
  };
  return ALGORITHMS.map((alg) => ({ ...pairs[alg].privateKey.export({ format: "jwk" }), alg, use: "sig", kid: `${alg}-${name}` }));
}

/** The provider, on one port for as long as the check lasts, with whatever keys it is started with. */
class Issuer {
  static async reserve() {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address();
    server.close();
    await once(server, "close");
    return Object.assign(new Issuer(), { port, url: `http://127.0.0.1:${port}` });
  }

  /** Signs with `signing` and publishes `old` beside them. */
  async start(signing, old = []) {
    const provider = new Provider(this.url, {
      clients: Object.keys(CLIENTS).map((client_id) => ({
        client_id,
        client_secret: "a secret for one run of the checks, no longer",
        grant_types: ["client_credentials"],
        redirect_uris: [],
        response_types: [],
      })),
      jwks: { keys: [...signing, ...old] },
      features: {
        clientCredentials: { enabled: true },
        devInteractions: { enabled: false },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: (_, resource) => {
            const { alg, kid } = signing.find(({ alg }) => resource.endsWith(`/${alg}`));
            return { scope: "", audience: "skiplevel", accessTokenFormat: "jwt", accessTokenTTL: 600, jwt: { sign: { alg, kid } } };
          },
        },
      },
      extraTokenClaims: (_, { clientId }) => ({ roles: CLIENTS[clientId] }),
    });
    const answer = provider.callback();
    this.server = createServer((request, response) => {
      // A connection that is kept would be one to the provider that was there before.
      response.shouldKeepAlive = false;
      answer(request, response);
    }).listen(this.port, "127.0.0.1");
    await once(this.server, "listening");
  }

  async stop() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  async token(client, alg) {
    const answer = await fetch(`${this.url}/token`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${client}:${encodeURIComponent("a secret for one run of the checks, no longer")}`)}` },
      body: new URLSearchParams({ grant_type: "client_credentials", resource: `https://skiplevel.example/${alg}` }),
    });
    const { access_token, ...rest } = await answer.json();
    check(access_token?.split(".").length === 3, `a token of ${client} by ${alg}: ${JSON.stringify(rest)}`);
    return access_token;
  }
}

class Skiplevel {
  constructor(place, issuer) {
    this.settings = {
      cwd: place,
      env: {
        DATABASE_URL: database,
        SKIPLEVEL_OIDC_DISCOVERY: "on",
        SKIPLEVEL_JWT_ISSUER: issuer.url,
        SKIPLEVEL_LISTEN: "127.0.0.1:0",
      },
    };
    writeFileSync(join(place, "people.csv"), PEOPLE);
    execFileSync(program, ["import", "people", "people.csv", "--source", "hr", "--apply"], { ...this.settings, stdio: "ignore" });
    this.log = join(place, "skiplevel.log");
  }

  async start() {
    this.server = spawn(program, ["serve"], { ...this.settings, stdio: ["ignore", "pipe", openSync(this.log, "w")] });
    this.address = await new Promise((resolve, reject) => {
      this.server.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${readFileSync(this.log)}`)));
      this.server.stdout.on("data", (text) => {
        const found = /http:\/\/[^/\s]+/.exec(String(text));
        if (found) resolve(found[0]);
      });
    });
  }

  /** Status and data of the answer to a token's bearer. */
  async ask(token, query) {
    const answer = await fetch(`${this.address}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({ query }),
    });
    return { status: answer.status, data: (await answer.json()).data };
  }

  async status(token) {
    return (await this.ask(token, "{ viewer { person { name } } }")).status;
  }

  async accepts(token, what) {
    const { status, data } = await this.ask(token, "{ viewer { person { name } } }");
    check(status === 200 && data.viewer.person.name === "Made-up Ada", `${what}: ${status}`);
  }

  /** Waits until the bearer of a token is answered with a status: keys are asked for once in ten seconds. */
  async becomes(token, status, what) {
    for (const end = Date.now() + 30_000; Date.now() < end; await pause(250)) {
      if ((await this.status(token)) === status) return;
    }
    throw new Error(`${what}: it never became ${status}`);
  }

  stop() {
    this.server?.removeAllListeners("exit");
    this.server?.kill();
  }
}

async function lives(issuer, skiplevel) {
  const ready = async () => (await fetch(`${skiplevel.address}/readyz`)).status;
  check((await fetch(`${skiplevel.address}/healthz`)).status === 200 && (await ready()) === 503, "without keys it lives and is not ready");

  const first = newKeys("first");
  await issuer.start(first);
  const early = {};
  for (const alg of ALGORITHMS) {
    early[alg] = await issuer.token("ada", alg);
    await skiplevel.accepts(early[alg], `${alg}`);
  }
  check((await ready()) === 200, "with keys it is ready");
  const people = "{ people { totalCount } audit { totalCount } }";
  const { data } = await skiplevel.ask(await issuer.token("console", "ES256"), people);
  check(data.people.totalCount === 2 && data.audit.totalCount === 1, `roles come from the token: ${JSON.stringify(data)}`);

  const second = newKeys("second");
  await issuer.stop();
  await issuer.start(second, first);
  const late = {};
  for (const alg of ALGORITHMS) {
    late[alg] = await issuer.token("ada", alg);
    await skiplevel.becomes(late[alg], 200, `${alg} after the rotation`);
    await skiplevel.accepts(early[alg], `${alg} from before the rotation`);
  }

  await issuer.stop();
  for (const alg of ALGORITHMS) await skiplevel.accepts(late[alg], `${alg} while the provider is away`);

  await issuer.start(newKeys("third"));
  await skiplevel.becomes(await issuer.token("ada", "EdDSA"), 200, "the key of the provider that is back");
  for (const alg of ALGORITHMS) check((await skiplevel.status(late[alg])) === 401, `${alg} is gone`);
}

async function takesBack(issuer, skiplevel) {
  const old = await issuer.token("ada", "ES256");
  await skiplevel.accepts(old, "before it is taken back");
  const { data } = await skiplevel.ask(old, "mutation { revokeTokens(input: {}) { tokensValidAfter } }");
  check(data.revokeTokens.tokensValidAfter, "taken back");
  check((await skiplevel.status(old)) === 401, "what was taken back is refused");
  // Tokens are dated to the second.
  await pause(1100);
  await skiplevel.accepts(await issuer.token("ada", "ES256"), "a new one");
}

const place = mkdtempSync(join(tmpdir(), "skiplevel-oidc-"));
const issuer = await Issuer.reserve();
const skiplevel = new Skiplevel(place, issuer);
try {
  await skiplevel.start();
  await lives(issuer, skiplevel);
  await takesBack(issuer, skiplevel);
  console.log("every key was found, and no other");
} finally {
  skiplevel.stop();
  await issuer.stop().catch(() => {});
  rmSync(place, { recursive: true, force: true });
}
