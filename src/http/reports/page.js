// Draws the coverage report with what the public GraphQL API answers, and nothing else. The token stays in a variable.
"use strict";

const PAGE = 25;
const $ = (id) => document.getElementById(id);
const number = new Intl.NumberFormat("en");
const decimal = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });
const month = new Intl.DateTimeFormat("en", { month: "short", year: "2-digit", timeZone: "UTC" });

let token = null;
/** What the report on the screen is about. */
let input = {};
/** Counts the questions asked, so that a slow answer to an old one is dropped. */
let asked = 0;

class Fault extends Error {}

/** Asks the API; throws a `Fault` with words for people. */
async function ask(operationName, variables) {
  let response;
  try {
    response = await fetch("/graphql", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/graphql-response+json",
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ query: DOCUMENTS[operationName], operationName, variables }),
    });
  } catch {
    throw new Fault("The server cannot be reached. Try again.");
  }
  if (response.status === 401) {
    throw new Fault("The server does not accept this token: it may have expired. Paste a fresh one.");
  }
  let answer;
  try {
    answer = await response.json();
  } catch {
    throw new Fault(`The server answered with status ${response.status}. Try again in a moment.`);
  }
  if (answer.errors?.some((error) => error.extensions?.code === "UNAUTHENTICATED")) {
    throw new Fault("The server does not accept this token: it may have expired. Paste a fresh one.");
  }
  if (answer.errors?.length) {
    throw new Fault(answer.errors[0].message);
  }
  return answer.data;
}

/** A new element with properties and children; texts become text, never markup. */
function make(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (name === "class") element.className = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

function drawing(tag, properties, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(properties)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const days = (count) => (count === null ? null : `${number.format(count)} ${count === 1 ? "day" : "days"}`);
const shown = (value, format) => (value === null ? "·" : format(value));
const count = (value) => shown(value, (value) => number.format(value));
const share = (value) => shown(value, (value) => percent.format(value));

function say(text, isFault) {
  $("state").textContent = text;
  $("state").classList.toggle("fault", Boolean(isFault));
}

/** Fills a table: a caption for those who do not see it, heads of columns, and rows whose first cell is their head. */
function table(id, caption, heads, rows) {
  const head = make("tr", {}, ...heads.map((text) => make("th", { scope: "col" }, text)));
  const body = rows.map(([first, ...cells]) =>
    make("tr", {}, make("th", { scope: "row" }, first), ...cells.map((cell) => (cell instanceof Node ? cell : make("td", {}, cell)))),
  );
  $(id).replaceChildren(
    make("caption", { class: "spoken" }, caption),
    make("thead", {}, head),
    make("tbody", {}, ...body),
  );
}

function headline({ total, load }) {
  const figure = (name, value, small) => make("div", {}, make("dt", {}, name), make("dd", {}, value, make("small", {}, small)));
  const heard = total.heard === null ? "too few people to say" : `${number.format(total.heard)} of ${number.format(total.population)} people`;
  const waits = total.waitDaysMax === null ? "nobody waits" : `nine of ten wait at most ${days(total.waitDaysP90)}`;
  $("headline").replaceChildren(
    figure("Heard", share(total.share), heard),
    figure("Longest wait", shown(total.waitDaysMax, days), total.heard === null ? "too few people to say" : waits),
    figure("Half wait longer than", shown(total.waitDaysMedian, days), "the median"),
    figure("Most in one week", count(load.mostInAWeek), "skip-levels of one person; one is the limit"),
  );
}

function heatCell(group) {
  if (group.population === 0) return make("td", { class: "none" }, make("span", { class: "spoken" }, "nobody"));
  const people = `${group.label}: ${number.format(group.population)} ${group.population === 1 ? "person" : "people"}`;
  if (group.share === null) {
    return make("td", { class: "none", title: `${people}, too few to say` }, "·", make("span", { class: "spoken" }, " too few people to say"));
  }
  const wait = group.waitDaysMax === null ? "" : `longest wait ${days(group.waitDaysMax)}`;
  const step = Math.min(4, Math.floor(group.share * 5));
  return make(
    "td",
    { class: `heat-${step}`, title: [people, `${number.format(group.heard)} heard`, wait].filter(Boolean).join(", ") },
    percent.format(group.share),
    make("span", { class: "spoken" }, ` of ${number.format(group.population)}, ${wait}`),
  );
}

function heat({ heatMap }) {
  const heads = ["Department", "All", ...heatMap.columns.map((column) => column.label)];
  const rows = heatMap.rows.map((row) => [row.label, heatCell(row.total), ...row.cells.map(heatCell)]);
  table("heat", "Share of people heard, by department and level", heads, rows);
}

function groups({ groups }) {
  const label = $("grouping").selectedOptions[0].textContent;
  const heads = [label, "People", "Heard", "Share", "Longest wait", "Nine of ten", "Median"];
  const rows = groups.map((group) => [
    group.label,
    number.format(group.population),
    count(group.heard),
    share(group.share),
    shown(group.waitDaysMax, days),
    shown(group.waitDaysP90, days),
    shown(group.waitDaysMedian, days),
  ]);
  table("groups", `People heard by ${label}`, heads, rows);
}

function trend({ trend }) {
  const name = (entry) => month.format(new Date(`${entry.month}T00:00:00Z`));
  table(
    "months",
    "People heard by the end of each month",
    ["Month", "Meetings held", "People heard", "Share", "Possible"],
    trend.map((entry) => [name(entry), count(entry.held), count(entry.heard), share(entry.share), share(entry.possible)]),
  );
  const known = trend.filter((entry) => entry.share !== null);
  if (known.length === 0) {
    $("trend").replaceChildren(make("p", { class: "note" }, "Too few people to say."));
    return;
  }
  const [width, height, left, right, top, bottom] = [640, 240, 44, 70, 12, 28];
  const x = (at) => left + ((width - left - right) * at) / Math.max(1, trend.length - 1);
  const y = (value) => top + (height - top - bottom) * (1 - value);
  const line = (field) =>
    trend
      .map((entry, at) => (entry[field] === null ? null : `${x(at).toFixed(1)},${y(entry[field]).toFixed(1)}`))
      .filter(Boolean)
      .join(" ");
  const last = known[known.length - 1];
  const picture = drawing("svg", {
    viewBox: `0 0 ${width} ${height}`,
    role: "img",
    "aria-label": `Share heard, from ${share(known[0].share)} in ${name(known[0])} to ${share(last.share)} in ${name(last)}; possible by then ${share(last.possible)}`,
  });
  for (const value of [0, 0.25, 0.5, 0.75, 1]) {
    picture.append(
      drawing("line", { class: "grid", x1: left, x2: width - right, y1: y(value), y2: y(value) }),
      drawing("text", { x: left - 8, y: y(value) + 4, "text-anchor": "end" }, percent.format(value)),
    );
  }
  trend.forEach((entry, at) => {
    if (at % 2 === (trend.length - 1) % 2) {
      picture.append(drawing("text", { x: x(at), y: height - 8, "text-anchor": "middle" }, name(entry)));
    }
  });
  picture.append(drawing("polyline", { class: "possible", points: line("possible") }), drawing("polyline", { class: "share", points: line("share") }));
  trend.forEach((entry, at) => {
    if (entry.share === null) return;
    const hint = drawing("title", {}, `${name(entry)}: ${share(entry.share)} heard, ${share(entry.possible)} possible`);
    picture.append(drawing("circle", { class: "dot", cx: x(at), cy: y(entry.share), r: 4 }, hint));
  });
  const end = x(trend.length - 1) + 8;
  const apart = last.possible !== null && Math.abs(y(last.possible) - y(last.share)) < 14 ? 14 : 0;
  picture.append(drawing("text", { class: "of-share", x: end, y: y(last.share) + 4 + apart }, "heard"));
  if (last.possible !== null) picture.append(drawing("text", { x: end, y: y(last.possible) + 4 }, "possible"));
  $("trend").replaceChildren(picture);
}

function waiting(connection, isMore) {
  const people = connection.nodes.map((person) => {
    const place = [person.title, person.department].filter(Boolean).join(", ");
    const when = person.lastHeard ? `last heard in ${month.format(new Date(`${person.lastHeard}T00:00:00Z`))}` : "not heard yet";
    return make("li", {}, person.name, make("span", {}, ` ${[place, when].filter(Boolean).join("; ")}`));
  });
  if (isMore) $("waiting").append(...people);
  else $("waiting").replaceChildren(...(people.length ? people : [make("li", {}, "Nobody: everybody has been heard.")]));
  more("more-waiting", connection);
}

let leaderRows = [];
function leaders(connection, isMore) {
  const rows = connection.nodes.map((row) => [
    row.leader.name,
    number.format(row.population),
    row.suppressed ? "·" : row.measure === "STRATA" ? `${share(row.strataCoverage)} of ${number.format(row.strata)} parts` : `${share(row.coverage)} of people`,
    shown(row.bottomMeetingsPerMonth, (value) => decimal.format(value)),
    row.weeksHeld === null ? "·" : `${number.format(row.weeksHeld)} of ${number.format(row.weeksWithSlot)}`,
    share(row.adherence),
    share(row.concentration),
  ]);
  leaderRows = isMore ? [...leaderRows, ...rows] : rows;
  table(
    "leaders",
    "Leaders and whom they meet",
    ["Leader", "People", "Met", "Bottom a month", "Weeks held", "Adherence", "Met again"],
    leaderRows,
  );
  more("more-leaders", connection);
}

/** Shows the button for the next page where there is one. */
function more(id, { pageInfo }) {
  $(id).hidden = !pageInfo.hasNextPage;
  $(id).dataset.after = pageInfo.endCursor ?? "";
}

function load({ load }) {
  $("most").textContent = load.mostInAWeek === null ? "" : `At most ${number.format(load.mostInAWeek)} in one week.`;
  table(
    "load",
    "Skip-levels a person",
    ["Skip-levels", "People"],
    load.buckets.map((bucket) => [number.format(bucket.meetings), count(bucket.people)]),
  );
}

function peers({ peers }) {
  table("peers", "Time since the last 1:1 with a peer", ["Last met a peer", "Leaders"], [
    ["under 3 weeks ago", count(peers.fresh)],
    ["3 to 5 weeks ago", count(peers.due)],
    ["over 5 weeks ago", count(peers.late)],
    ["never", count(peers.never)],
  ]);
}

function departments({ heatMap }) {
  const chosen = $("department").value;
  const options = heatMap.rows.filter((row) => row.key !== "").map((row) => make("option", { value: row.key }, row.label));
  $("department").replaceChildren(make("option", { value: "" }, "all"), ...options);
  $("department").value = chosen;
}

/** The units that were offered so far, by what stands in the list for them. */
const units = new Map();

/** Offers somebody as a unit; whoever has the name and title of another gets a number. */
function offer({ id, name, title }) {
  const label = title ? `${name}, ${title}` : name;
  let [unique, number] = [label, 1];
  while (units.has(unique) && units.get(unique) !== id) unique = `${label} (${++number})`;
  units.set(unique, id);
}

/** What the form asks for; null if the unit is somebody who is not there. */
function wanted() {
  const unit = $("unit").value.trim();
  if (unit !== "" && !units.has(unit)) return null;
  return {
    under: unit === "" ? null : units.get(unit),
    department: $("department").value || null,
    windowDays: Number($("window").value),
    groupBy: $("grouping").value,
  };
}

async function show() {
  const next = wanted();
  if (next === null) {
    say("Choose somebody from the list, or leave the field empty.", true);
    return;
  }
  const mine = ++asked;
  say("Counting…");
  try {
    const { viewer, coverage } = await ask("Coverage", { input: next, first: PAGE });
    if (mine !== asked) return;
    input = next;
    const unit = coverage.under ? `below ${coverage.under.name}` : viewer.roles.includes("HR_ADMIN") ? "in the organisation" : "below you";
    $("about").textContent = `People ${unit}, as of ${coverage.asOf}: who had a skip-level in the ${number.format(coverage.windowDays)} days before.`;
    headline(coverage);
    departments(coverage);
    heat(coverage);
    groups(coverage);
    trend(coverage);
    waiting(coverage.waiting, false);
    leaders(coverage.leaders, false);
    load(coverage);
    peers(coverage);
    $("sign-in").hidden = true;
    $("filter").hidden = false;
    $("main").hidden = false;
    say("");
    document.body.dataset.shown = String(mine);
  } catch (fault) {
    if (mine !== asked) return;
    if (!(fault instanceof Fault)) throw fault;
    say(fault.message, true);
  }
}

async function showMore(id, operation, draw) {
  try {
    const { coverage } = await ask(operation, { input, first: PAGE, after: $(id).dataset.after });
    draw(coverage);
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    say(fault.message, true);
  }
}

async function suggestUnits() {
  const search = $("unit").value.trim();
  if (search === "" || units.has(search)) {
    await show();
    return;
  }
  const { people } = await ask("Units", { search });
  for (const person of people.nodes) offer(person);
  const known = [...units.keys()].filter((label) => label.toLowerCase().includes(search.toLowerCase()));
  $("units").replaceChildren(...known.map((label) => make("option", { value: label })));
}

let waitingForKeys = 0;
$("unit").addEventListener("input", () => {
  clearTimeout(waitingForKeys);
  waitingForKeys = setTimeout(() => suggestUnits().catch((fault) => say(fault.message, true)), 200);
});
for (const id of ["department", "window", "grouping"]) $(id).addEventListener("change", show);
$("filter").addEventListener("submit", (event) => {
  event.preventDefault();
  show();
});
$("more-waiting").addEventListener("click", () => showMore("more-waiting", "MoreWaiting", (coverage) => waiting(coverage.waiting, true)));
$("more-leaders").addEventListener("click", () => showMore("more-leaders", "MoreLeaders", (coverage) => leaders(coverage.leaders, true)));
$("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  token = $("token").value.trim();
  $("token").value = "";
  await show();
  if (!$("main").hidden) $("main").focus();
});
$("sign-out").addEventListener("click", () => {
  token = null;
  asked += 1;
  // Whatever was shown or typed goes with the token: the page starts anew.
  location.reload();
});
