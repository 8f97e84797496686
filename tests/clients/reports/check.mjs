// Looks at the page of coverage reports with a real browser: signs in, reads numbers that are known beforehand, filters, and
// sees what a leader sees of others, which is nothing. Whether everybody can use it, axe-core says.
//
//     CHROMIUM=PATH node check.mjs PROGRAM DATABASE_URL
//
// With SKIPLEVEL_SCREENSHOTS=DIRECTORY it leaves pictures there. Exit: 0 if all is well, 1 if something is not.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import axe from "axe-core";
import { chromium } from "playwright-core";

import { Skiplevel, check } from "./server.mjs";

/** Who met whom: seven of the fifty people who stand two levels or more below somebody. */
const HELD = [
  ["head", "north-1-1"], ["head", "north-1-2"], ["head", "north-2-1"], ["head", "north-2-2"], ["head", "north-3-1"],
  ["north", "north-4-1"], ["head", "south-1-1"],
];

/** A skip-level that took place. */
async function record(skiplevel, leader, counterpart, day) {
  const token = skiplevel.token(leader);
  const { person } = await skiplevel.ask(token, "query($key: ExternalKey!) { person(by: { externalId: $key }) { id } }", {
    key: { source: "hr", externalId: counterpart },
  });
  const { recordMeeting } = await skiplevel.ask(
    token,
    "mutation($input: RecordMeetingInput!) { recordMeeting(input: $input) { userErrors { message } } }",
    { input: { counterpartId: person.id, heldAt: `${day}T10:00:00Z`, durationMinutes: 30 } },
  );
  check(recordMeeting.userErrors.length === 0, JSON.stringify(recordMeeting.userErrors));
}

/** A page that has been signed in to, which talks to the server alone and complains of nothing. */
async function signIn(browser, skiplevel, token, look) {
  const context = await browser.newContext(look);
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== skiplevel.address && protocol !== "data:") complaints.push(`it asked ${request.url()}`);
  });
  await page.goto(`${skiplevel.address}/reports`);
  await page.getByLabel("Bearer token").fill(token);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#main:not([hidden])");
  return { context, page, complaints };
}

/** Waits until the page says a number where its headline stands. */
async function reads(page, text) {
  await page.waitForFunction((text) => document.querySelector("#headline").textContent.includes(text), text, { timeout: 10_000 }).catch(async () => {
    throw new Error(`the headline should say "${text}" and says "${await page.textContent("#headline")}"; ${await page.textContent("#state")}`);
  });
}

/** Fails on what axe-core finds serious or worse. */
async function isUsable(page, what) {
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run(document));
  check(passes.length > 10, `${what}: axe looked at nothing`);
  const bad = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  const told = bad.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).slice(0, 3).join(" ")}`);
  check(bad.length === 0, `${what}: ${told.join("\n")}`);
}

async function picture(page, name) {
  const place = process.env.SKIPLEVEL_SCREENSHOTS;
  if (place) await page.screenshot({ path: join(place, `${name}.png`), fullPage: true });
}

async function admin(browser, skiplevel, token) {
  const { context, page, complaints } = await signIn(browser, skiplevel, token, { colorScheme: "light" });
  await reads(page, "7 of 50 people");
  await reads(page, "14%");
  check(await page.evaluate(() => document.activeElement.id === "main"), "the keyboard goes on at the report");
  const text = await page.textContent("main");
  check(text.includes("South") && text.includes("Member South 11") === false, "who was heard does not wait");
  check(text.includes("Member North 13"), "who was not heard waits");
  await isUsable(page, "light");
  await picture(page, "admin-light");

  await page.getByLabel("Department", { exact: true }).selectOption("North");
  await reads(page, "6 of 25 people");
  await page.getByLabel("Department", { exact: true }).selectOption("");
  await page.getByLabel("Everybody below").fill("Lead South");
  await page.waitForFunction(() => document.querySelector("#units option"));
  await page.getByLabel("Everybody below").fill(await page.getAttribute("#units option", "value"));
  await reads(page, "1 of 25 people");
  await page.getByLabel("Everybody below").fill("");
  await reads(page, "7 of 50 people");
  await page.getByLabel("Heard within").selectOption("91");
  await reads(page, "7 of 50 people");
  await page.getByLabel("Break down by").selectOption("BRANCH");
  await page.waitForFunction(() => document.querySelector("#groups tbody").textContent.includes("Lead North"));

  const left = await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]);
  check(String(left) === "0,0,", `nothing is kept: ${left}`);
  await page.emulateMedia({ media: "print" });
  check(!(await page.isVisible("#filter")) && (await page.isVisible("#heat")), "what is printed is the report alone");
  await page.emulateMedia({ media: "screen" });
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForSelector("#sign-in:not([hidden])");
  check(await page.isHidden("#main"), "signed out is signed out");
  check(complaints.length === 0, complaints.join("\n"));
  await context.close();
}

async function leader(browser, skiplevel, token) {
  const { context, page, complaints } = await signIn(browser, skiplevel, token, {});
  await reads(page, "6 of 25 people");
  const text = await page.textContent("body");
  check(text.includes("Manager North 1"), "their own are there");
  check(!text.includes("South") && !text.includes("Made-up Head"), "nobody else is");
  const answered = page.waitForResponse((response) => response.url().endsWith("/graphql"));
  await page.getByLabel("Everybody below").fill("South");
  await (await answered).finished();
  check((await page.locator("#units option").count()) === 0, "no outsider is offered");
  await picture(page, "leader");
  check(complaints.length === 0, complaints.join("\n"));
  await context.close();
}

async function looks(browser, skiplevel, token) {
  for (const [name, look] of [
    ["dark", { colorScheme: "dark" }],
    ["narrow", { viewport: { width: 360, height: 780 } }],
  ]) {
    const { context, page } = await signIn(browser, skiplevel, token, look);
    await isUsable(page, name);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    check(wide <= 0, `${name}: the page is ${wide} pixels too wide`);
    await picture(page, `admin-${name}`);
    await context.close();
  }
}

async function refusals(browser, skiplevel) {
  const page = await browser.newPage();
  await page.goto(`${skiplevel.address}/reports`);
  await isUsable(page, "signed out");
  await page.getByLabel("Bearer token").fill("not.a.token");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("#state").textContent.includes("does not accept this token"));
  check(await page.isHidden("#main"), "without a token there is nothing to see");
  await page.close();
}

const skiplevel = new Skiplevel();
let browser;
try {
  await skiplevel.start();
  for (const [at, [from, to]] of HELD.entries()) await record(skiplevel, from, to, `2026-03-${String(2 + at).padStart(2, "0")}`);
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  const all = skiplevel.token("admin", "--role", "hr_admin");
  await refusals(browser, skiplevel);
  await admin(browser, skiplevel, all);
  await leader(browser, skiplevel, skiplevel.token("north"));
  await looks(browser, skiplevel, all);
  await skiplevel.stop();
  mkdirSync(join(skiplevel.place, "documents"));
  writeFileSync(join(skiplevel.place, "documents", "other.graphql"), "{ viewer { roles } }");
  await skiplevel.start({ SKIPLEVEL_TRUSTED_DOCUMENTS: "documents", SKIPLEVEL_TRUSTED_DOCUMENTS_ONLY: "on" });
  await leader(browser, skiplevel, skiplevel.token("north"));
  console.log("the page says what is so, to everybody who may know");
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await browser?.close();
  await skiplevel.end();
}
