// Has the clients and tools that frontends use speak to the program: the audits of GraphQL over HTTP, a linter of schemas, Relay,
// Apollo Client, urql, and TypeScript.
//
//     node check.mjs PROGRAM DATABASE_URL
//
// The working directory is the root of the repository. Exit: 0 if all is well, 1 if something is not.

import { caches } from "./caches.mjs";
import { http } from "./http.mjs";
import { lint } from "./lint.mjs";
import { Project, pages, trusted } from "./relay.mjs";
import { NOW, Skiplevel } from "./server.mjs";
import { types } from "./types.mjs";

const skiplevel = new Skiplevel();
try {
  for (const week of ["2026-W13", "2026-W14"]) skiplevel.run("draw", "--week", week, "--now", NOW);
  const admin = skiplevel.token("admin", "--role", "hr_admin");
  const project = new Project();
  await types();
  await skiplevel.start();
  await http(skiplevel, admin);
  await lint(skiplevel, admin);
  await caches(skiplevel);
  await pages(skiplevel, project);
  await skiplevel.stop();
  await skiplevel.start({ SKIPLEVEL_TRUSTED_DOCUMENTS: project.documents, SKIPLEVEL_TRUSTED_DOCUMENTS_ONLY: "on" });
  await trusted(skiplevel, project);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await skiplevel.end();
}
