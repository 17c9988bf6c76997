// The page of the preview: asks for the list and for the open card whenever the server says that something changed.
"use strict";
const $ = (id) => document.getElementById(id);
const PHONE = 360, DESKTOP = 700; // px: of a small phone, and of Anki's window as it opens
const ZOOM = { least: 0.95, most: 1.35 }; // of the box: print is small

// ---- what the reader has chosen; kept over a load of the page
const settings = { width: "phone", light: matchMedia("(prefers-color-scheme: dark)").matches ? "night" : "day",
  side: "both", seed: null, variant: 1, direction: "Work" };
try { Object.assign(settings, JSON.parse(sessionStorage.getItem("preview") || "{}")); } catch { /* begins anew */ }
function choose(changes) {
  Object.assign(settings, changes);
  try { sessionStorage.setItem("preview", JSON.stringify(settings)); } catch { /* kept in this page alone */ }
}

let deck = { sections: [], faults: [], seed: 0 };
let card = null; // the open one, as the server gave it
let started = ""; // which run of the server
let asked = 0; // of several answers, the last one asked for counts

// ---- small makers of elements: text is never markup here
function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}
const ids = () => deck.sections.flatMap((section) => section.cards.map((one) => one.id));
const opened = () => decodeURIComponent(location.hash.slice(1)) || ids()[0] || "";

// ---- the list
const WORDS = { working: "being worked", faulty: "at fault", hidden: "hidden by a fault in its file", warned: "with a warning", good: "" };
function showList() {
  const wanted = $("find").value.trim().toLowerCase();
  const open = opened();
  $("sections").replaceChildren(...deck.sections.map((section) => {
    const shown = section.cards.filter((one) => !wanted || `${one.id} ${one.name}`.toLowerCase().includes(wanted));
    if (!shown.length) return "";
    return element("section", {}, element("h3", { textContent: section.title }), element("ul", {}, ...shown.map((one) => {
      const link = element("a", { href: `#${one.id}`, title: [one.name, one.id, WORDS[one.state]].filter(Boolean).join(" · ") },
        element("span", { className: "name", dir: "auto", textContent: one.name }));
      link.dataset.state = one.state;
      if (one.id === open) link.setAttribute("aria-current", "true");
      return element("li", {}, link);
    })));
  }));
}
function showDeck() {
  document.title = deck.title ? `${deck.title} – preview` : "Preview";
  $("title").textContent = deck.title || "No deck yet";
  const all = deck.sections.flatMap((section) => section.cards);
  const faulty = all.filter((one) => ["faulty", "hidden"].includes(one.state)).length + deck.faults.filter((fault) => !fault.warning).length;
  const count = $("count");
  count.className = faulty ? "bad" : deck.waiting || deck.untried ? "busy" : "good";
  count.textContent = deck.waiting ? `${all.length - deck.waiting} of ${all.length} cards worked`
    : faulty ? `${faulty} at fault` : `${all.length} ${all.length === 1 ? "card" : "cards"}, no fault ${deck.untried ? "so far" : `in ${deck.draws} draws`}`;
  $("around").replaceChildren(...deck.faults.map(faultBox));
  showList();
}

// ---- faults
function faultBox(fault) {
  const box = element("article", { className: fault.warning ? "fault warning" : "fault" },
    element("p", { className: "what" }, element("b", { textContent: fault.warning ? "warning" : "error" }), ` ${fault.what}`),
    element("p", { className: "place", textContent: fault.place }));
  if (fault.excerpt) {
    const [before, meant, after] = fault.excerpt;
    const cut = before.length > 60 ? before.length - 40 : 0;
    box.append(element("pre", {}, element("span", { className: "number", textContent: fault.line }), cut ? "…" + before.slice(cut) : before,
      element("mark", { textContent: meant || " " }), after));
  }
  if (fault.hint) box.append(element("p", { className: "hint", textContent: fault.hint }));
  return box;
}

// ---- frames: each is a page that stays; what it shows is replaced once it is set, so that nothing flickers or jumps
const frames = {};
function ready(figure) {
  return frames[figure] ??= new Promise((resolve) => {
    const frame = $(figure).querySelector("iframe");
    const begin = () => {
      const inside = frame.contentDocument;
      if (!inside || !inside.getElementById("qa")) return false;
      inside.addEventListener("click", (event) => name(event, figure));
      inside.addEventListener("keydown", keys);
      new ResizeObserver(() => fit(frame)).observe(inside.body);
      resolve(frame);
      return true;
    };
    if (frame.contentDocument?.readyState !== "complete" || !begin()) frame.addEventListener("load", begin, { once: true });
  });
}
function fit(frame) {
  const body = frame.contentDocument.body, style = frame.contentWindow.getComputedStyle(body);
  const zoom = parseFloat(style.zoom) || 1;
  const height = body.getBoundingClientRect().height + (parseFloat(style.marginTop) + parseFloat(style.marginBottom)) * zoom;
  frame.style.height = `${Math.ceil(height)}px`;
}
async function fill(figure, html) {
  const frame = await ready(figure), inside = frame.contentDocument, old = inside.getElementById("qa");
  const turn = frame.turn = (frame.turn || 0) + 1;
  if (old.shown === html) return;
  const next = inside.createElement("div");
  next.style.cssText = "position:absolute;visibility:hidden;inset-inline:0;top:0";
  next.innerHTML = html; // made by the program; the page's policy lets no script in it run
  inside.body.append(next);
  const maths = frame.contentWindow.MathJax;
  if (maths?.startup?.promise && html.includes("\\(")) {
    await maths.startup.promise;
    await maths.typesetPromise([next]);
  }
  await Promise.all([...next.querySelectorAll("img")].map((image) => image.decode().catch(() => {})));
  if (turn !== frame.turn) { next.remove(); return; }
  const unfolded = [...old.querySelectorAll("details")].map((details) => details.open);
  next.querySelectorAll("details").forEach((details, place) => { details.open = unfolded[place] ?? false; });
  if (maths?.typesetClear) maths.typesetClear([old]);
  old.remove();
  next.id = "qa";
  next.shown = html;
  next.removeAttribute("style");
  fit(frame);
}
async function dress(figure, ordinal) {
  const frame = await ready(figure), inside = frame.contentDocument, night = settings.light === "night";
  inside.documentElement.className = `linux chrome${night ? " night-mode" : ""}`;
  inside.body.className = `card card${ordinal} isLin${night ? " nightMode night_mode" : ""}`;
  let style = inside.getElementById("pick");
  if (!style) inside.head.append(style = Object.assign(inside.createElement("style"), { id: "pick" }));
  const all = settings.variant === "all";
  style.textContent = all
    ? ".variants>.variant:not(:only-child){display:block!important;border-top:1px dashed var(--rule);padding-top:6px;margin-top:14px}" +
      ".variants>.variant:not(:only-child)::before{content:'variant ' attr(data-variant);font-size:13px;color:var(--soft)}"
    : `.variants>.variant:not(:only-child){display:none!important}.variants>.variant[data-variant="${shownVariant()}"]:not(:only-child){display:block!important}`;
  frame.style.width = `${settings.width === "phone" ? PHONE : DESKTOP}px`;
  fit(frame);
}
const shownVariant = () => Math.min(settings.variant, Math.max(card?.variants || 1, 1));

// ---- the card
async function showCard() {
  $("card").hidden = !card;
  if (!card) return;
  $("name").textContent = card.name;
  $("name").title = card.id;
  $("faults").replaceChildren(...card.faults.map(faultBox));
  const old = card.old;
  $("stale").hidden = !(old || card.state === "working" && !card.sides.length);
  $("stale").textContent = card.state === "working" ? "The card is being worked." : !card.sides.length ? "There is no earlier version of the card to show."
    : card.state === "hidden" ? "A fault in its file hides the card. Below it stands as it last was without a fault." : "Below stands the card as it last was without a fault.";
  document.querySelector(".stage").classList.toggle("stale", old);
  document.querySelector(".stage").hidden = !card.sides.length;
  document.body.dataset.side = settings.side;
  document.body.dataset.width = settings.width;
  document.documentElement.dataset.light = settings.light;
  showChoices();
  showSource();
  if (!card.sides.length) return;
  const chosen = card.sides.find((one) => one.name === settings.direction) || card.sides[0];
  const ordinal = ["Work", "Mistake", "Code", "Formula", "Plot", "Spare"].indexOf(chosen.name) + 1;
  await Promise.all([dress("front", ordinal), dress("back", ordinal), paper()]);
  await Promise.all([fill("front", chosen.front), fill("back", chosen.back), fill("paper", card.box)]);
  document.body.dataset.shown = `${card.id} ${card.seed}`; // all is set
}
async function paper() {
  const frame = await ready("paper"), body = frame.contentDocument.body;
  Object.assign(frame.contentDocument.documentElement, { lang: card.lang, dir: card.dir });
  body.style.zoom = 1;
  const zoom = Math.min(Math.max(($("beside").clientWidth - 2) / body.getBoundingClientRect().width, ZOOM.least), ZOOM.most);
  body.style.zoom = zoom;
  frame.style.width = `${Math.floor(body.getBoundingClientRect().width)}px`;
  fit(frame);
}
function showChoices() {
  const chosen = card.sides.find((one) => one.name === settings.direction) || card.sides[0];
  $("directions").replaceChildren(...card.sides.map((one) => pressed(one.name, one === chosen, () => { choose({ direction: one.name }); showCard(); })));
  const count = card.variants;
  const picks = count > 1 ? [...Array(count).keys()].map((n) => n + 1) : [];
  $("variants").replaceChildren(...(picks.length ? [element("span", { textContent: "Variant" })] : []), ...picks.map((n) =>
    pressed(String(n), settings.variant !== "all" && shownVariant() === n, () => { choose({ variant: n }); showCard(); }, `Variant ${n} (${n})`)),
    ...(picks.length ? [pressed("All", settings.variant === "all", () => { choose({ variant: "all" }); showCard(); }, "All variants, one below the other (0)")] : []));
  for (const group of document.querySelectorAll("[data-setting]"))
    for (const button of group.querySelectorAll("button")) button.setAttribute("aria-pressed", String(settings[group.dataset.setting] === button.value));
  $("seed").textContent = card.seed;
  $("own").hidden = card.seed === deck.seed;
}
function pressed(text, on, act, title = "") {
  const button = element("button", { type: "button", textContent: text, title, onclick: act });
  button.setAttribute("aria-pressed", String(on));
  return button;
}

// ---- the source, and the place that a click names
function showSource() {
  const at = new Map(card.faults.map((fault) => [fault.line, fault.warning ? "warned" : "wrong"]));
  $("file").textContent = card.file || "Source";
  $("source").hidden = !card.source.lines.length;
  $("lines").start = card.source.first;
  $("lines").style.setProperty("--digits", String(card.source.first + card.source.lines.length).length);
  $("lines").replaceChildren(...card.source.lines.map((line, place) => {
    const number = card.source.first + place;
    const item = element("li", { value: number, className: at.get(number) || "" });
    item.dataset.line = number;
    const [, indent, key, rest] = /^(\s*(?:- )?)([\w-]+:(?=\s|$))?(.*)$/s.exec(line);
    item.append(element("span", {}, indent.slice(card.source.lines[0].search(/\S/)), key ? element("b", { textContent: key }) : "", ...coloured(rest)));
    return item;
  }));
}
function coloured(rest) {
  const comment = /(^|\s+)#\s.*$/.exec(rest); // the space that lines comments up would break them here
  return comment ? [rest.slice(0, comment.index), element("i", { textContent: comment[0].replace(/^\s{3,}/, "  ") })] : [rest];
}
function place(target, figure) {
  const spots = card.places, at = (selector) => target.closest(selector);
  const nth = (key, element_, all) => { const list = spots[key] || []; return list[Math.max([...all].indexOf(element_), 0)] || list[0]; };
  const inside = target.ownerDocument, variant = at(".variant") || inside;
  let found;
  if ((found = at(".steps li"))) return nth("steps", found, found.parentElement.children);
  if ((found = at(".check p"))) return nth("check", found, found.parentElement.children);
  if ((found = at(".mistake"))) return nth(at("pre,.shows") ? "mistake" : "mistake says", found, variant.querySelectorAll(".mistake"));
  if ((found = at(".choice"))) return spots.mistake?.[0];
  if ((found = at(".hints details"))) {
    const all = [...found.parentElement.children];
    return found === all[0] ? spots.formula : found === all[1] && spots.hint ? spots.hint : spots.steps?.[0];
  }
  if (at(".run .given")) return spots.given || spots.numpy;
  for (const [selector, key] of [["h1,h3", "concept"], [".inputs", "given"], [".ask", "ask"], [".shapes,.value,.run,.out,pre.line", "numpy"],
    [".plot,figure", "plot"], [".check", "check"], [".formula", "formula"], [".substituted", spots.work ? "work" : "formula"],
    [".verdict,.says,.answer", "says"], [".see", "see"], [".form", "form"], [".task", "numpy"]])
    if (at(selector)) { const spot = spots[key]; if (spot?.length) return Array.isArray(spot[0]) ? spot[0] : spot; }
  return spots.concept;
}
function name(event, figure) {
  const found = card && event.target.closest && place(event.target, figure);
  if (!found) return;
  const [key, line, column] = found;
  $("spot").replaceChildren(element("b", { textContent: key }), ` ${card.file}:${line}:${column}`);
  $("spot").hidden = false;
  clearTimeout(name.timer);
  name.timer = setTimeout(() => { $("spot").hidden = true; }, 6000);
  document.querySelectorAll("#lines .named").forEach((item) => item.classList.remove("named"));
  const item = document.querySelector(`#lines [data-line="${line}"]`);
  if (!item) return;
  item.classList.add("named");
  const code = item.closest(".code");
  code.scrollTop = item.offsetTop - code.clientHeight / 3;
}

// ---- from the server
async function refresh() {
  const turn = ++asked;
  const seed = settings.seed === null ? "" : `?seed=${settings.seed}`;
  const ask = async (url) => { const answer = await fetch(url); return answer.ok ? answer.json() : null; };
  try {
    let id = opened();
    const [list, first] = await Promise.all([ask("/deck"), id ? ask(`/cards/${encodeURIComponent(id)}${seed}`) : null]);
    if (turn !== asked) return;
    deck = list;
    let shown = first;
    if (!shown && (id = opened() && ids().includes(opened()) ? opened() : ids()[0])) shown = await ask(`/cards/${encodeURIComponent(id)}${seed}`);
    if (turn !== asked) return;
    const other = !card || !shown || card.id !== shown.id;
    card = shown;
    showDeck();
    await showCard();
    if (other) document.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  } catch { /* the server ends: the stream of changes says so */ }
}
function listen() {
  const stream = new EventSource("/changes");
  stream.onmessage = (event) => {
    const [run] = event.data.split(" ");
    $("ended").hidden = true;
    if (started && run !== started) return location.reload();
    started = run;
    refresh();
  };
  stream.onerror = () => { $("ended").hidden = false; };
}

// ---- what the reader does
function step(by) {
  const all = ids(), at = all.indexOf(card?.id);
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  if (next) location.hash = next;
}
const turn = (setting, values) => { choose({ [setting]: values[(values.indexOf(settings[setting]) + 1) % values.length] }); showCard(); };
function another() { choose({ seed: 1 + Math.floor(Math.random() * 99999) }); refresh(); }
function keys(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  const acts = { j: () => step(1), k: () => step(-1), n: () => turn("light", ["day", "night"]), w: () => turn("width", ["phone", "desktop"]),
    f: () => turn("side", ["both", "front", "back"]), s: another, 0: () => { choose({ variant: "all" }); showCard(); } };
  const act = acts[event.key.toLowerCase()] || (/^[1-9]$/.test(event.key) && (() => { choose({ variant: Number(event.key) }); showCard(); }));
  if (act && card) { event.preventDefault(); act(); }
}
document.addEventListener("keydown", keys);
for (const group of document.querySelectorAll("[data-setting]"))
  group.addEventListener("click", (event) => { if (event.target.value) { choose({ [group.dataset.setting]: event.target.value }); showCard(); } });
$("another").onclick = another;
$("own").onclick = () => { choose({ seed: null }); refresh(); };
$("previous").onclick = () => step(-1);
$("next").onclick = () => step(1);
$("find").oninput = showList;
$("sections").onclick = () => document.activeElement.blur(); // on a narrow screen the list folds up
addEventListener("resize", () => { if (card?.sides.length) paper(); });
addEventListener("hashchange", () => { scrollTo(0, 0); refresh(); });
document.documentElement.dataset.light = settings.light;
listen();
