// GraphQL over HTTP, by the audits of the reference implementation: what servers must do, should do and may do.

import { serverAudits } from "graphql-http";

import { check } from "./server.mjs";

const AUDITS = 61;

export async function http(skiplevel, token) {
  const fetchFn = (url, { headers, ...more } = {}) => fetch(url, { ...more, headers: { ...headers, authorization: `Bearer ${token}` } });
  const failed = [];
  const audits = serverAudits({ url: `${skiplevel.address}/graphql`, fetchFn });
  for (const { id, name, fn } of audits) {
    const { status, reason } = await fn();
    if (status !== "ok") failed.push(`${id} ${name}: ${reason}`);
  }
  console.log(`http: ${audits.length - failed.length} of ${audits.length} audits are ok`);
  check(audits.length === AUDITS, `there should be ${AUDITS} audits`);
  check(failed.length === 0, failed.join("\n"));
}
