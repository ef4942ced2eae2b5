/* Live updates (docs/reference/live-updates.md): one stream for all tabs of a browser, asking every 20 s where there is
   none. Nothing moves: a record that is open is refreshed where it stands, rows change in place, new ones wait behind a
   pill. Everything works without this file, by loading a page again. */
"use strict";
(() => {
  const { $, $$, announce, csrf, open } = window.quell;
  const doc = document;
  const root = $("#live");
  if (!root) return;
  const { since, user } = root.dataset;
  const EVENTS = ["change", "presence", "counters", "reload", "bye"];
  const page = Math.random().toString(36).slice(2);
  const tabs = window.BroadcastChannel ? new BroadcastChannel(`quell-live-${user}`) : null;
  const esc = CSS.escape;
  let last = "";

  /* ---------- clocks ---------- */
  setInterval(() => {
    for (const one of $$("[data-left]")) {
      const [left, seen, opens, closes] = one.dataset.left.split(" ");
      const rest = left - Math.max(0, Math.min(Date.now() / 1000, closes) - Math.max(seen, opens));
      const shown = new Date(Math.abs(rest) * 1000).toISOString().slice(11, 16).replace(/^0/, "");
      one.lastChild.data = one.dataset.words.split("|")[+(rest < 0)].replace("0:00", shown);
    }
  }, 9000);

  /* ---------- the stream ---------- */
  const hear = (name, data) => { tabs?.postMessage([name, data]); take(name, data); };

  function ask() {
    let failed = 0;
    const timer = setInterval(async () => {
      const answer = await fetch(`/live/changes?${last ? `after=${last}` : `since=${since}`}`).catch(() => null);
      if (!answer?.ok) { if (answer?.status === 401 || (failed += 1) > 90) clearInterval(timer); return; }
      const found = await answer.json();
      if (found.reload) hear("reload", {});
      for (const one of found.changes) hear("change", one);
      if (found.changes.length) hear("counters", {});
      last = found.last;
    }, 20_000);
  }

  function lead() {
    return new Promise((done) => {
      const source = new EventSource(`/live?since=${since}&after=${last}`);
      for (const name of EVENTS) {
        source.addEventListener(name, (event) => {
          hear(name, JSON.parse(event.data));
          if (name === "bye" && JSON.parse(event.data).reason === "over") { source.close(); done(); }
        });
      }
      source.onerror = () => { if (source.readyState === EventSource.CLOSED) { ask(); } };
      if (!navigator.locks) addEventListener("pagehide", () => source.close());
    });
  }

  if (!root.hasAttribute("data-paused")) {
    if (tabs) tabs.onmessage = ({ data }) => take(...data);
    // One tab holds the lock and the stream; when it closes, the next one takes over. Browsers allow six connections.
    if (navigator.locks && tabs) navigator.locks.request(`quell-live-${user}`, lead); else lead();
  }

  /* ---------- what is heard ---------- */
  const due = {};
  function soon(name, wait, run) { due[name] ||= setTimeout(() => { due[name] = 0; run(); }, wait); }

  function refresh(element) {
    if (doc.hidden) element.dataset.stale = "1";
    else {
      delete element.dataset.stale;
      window.htmx?.trigger(element, "live");
    }
  }

  /* A fact that is being edited stays as it is while the rest of the page is refreshed. */
  doc.addEventListener("htmx:before:swap", (event) => {
    const live = event.detail.ctx?.sourceElement?.matches?.("[data-live-record]") ?? false;
    for (const editor of $$("details.editable")) editor.toggleAttribute("hx-morph-skip", live && editor.open);
  });

  async function count() {
    const answer = await fetch("/live/counters").catch(() => null);
    if (!answer?.ok) return;
    for (const [url, [text, hot]] of Object.entries(await answer.json())) {
      for (const link of $$(`.sidenav a[href="${esc(url)}"], .badged[href="${esc(url)}"]`)) {
        const kind = link.matches(".badged") ? "count" : "tally";
        let place = $(`.${kind}`, link);
        if (!place && text) { place = doc.createElement("span"); link.append(place); }
        if (!text) place?.remove();
        else { place.className = hot ? `${kind} hot` : kind; place.textContent = text; }
      }
    }
  }

  function take(name, data) {
    doc.dispatchEvent(new CustomEvent(`live:${name}`, { detail: data }));
    if (name === "change") {
      last = data.id;
      changed(data);
    } else if (name === "presence") {
      if (shown(data.record)) { asked.add(data.record); soon("people", 100, people); }
    } else if (name === "counters") {
      soon("count", 100, count);
    } else if (name === "reload") {
      for (const one of $$("[data-live-record]")) refresh(one);
      soon("count", 100, count);
      for (const list of $$("[data-live-list]")) pill(list, root.dataset.changed);
    } else if (data.reason === "over") open("signed-out");
  }

  function changed({ record, version = Infinity }) {
    // What this tab did itself comes back in its own answer a moment later.
    const behind = () => $$(`[data-live-record="${esc(record)}"]`).filter((one) => Number(one.dataset.version) < version);
    if (behind().length) setTimeout(() => behind().forEach(refresh), 150);
    if ($("[data-live-list]")) { news.add(record); soon("rows", 300 + 500 * Math.random(), rows); }
  }

  doc.addEventListener("visibilitychange", () => {
    if (!doc.hidden) for (const one of $$("[data-stale]")) refresh(one);
    beat(doc.hidden);
  });

  /* ---------- rows ---------- */
  const news = new Set();
  const waiting = new Set();
  const rowOf = (number, from) => $(`[name=selected][value="${esc(number)}"]`, from)?.closest("[data-row]") ?? $(`[data-card="${esc(number)}"], #q-${esc(number)}`, from);

  function replace(old, fresh) {
    $(".lookers", old)?.remove();
    if (old.textContent === fresh.textContent) return;
    const can = "a, input, button";
    const at = $$(can, old).indexOf(doc.activeElement);
    const [was, now] = [$("input.check", old), $("input.check", fresh)];
    if (was && now) now.checked = was.checked;
    if (old.hasAttribute("aria-current")) fresh.setAttribute("aria-current", old.getAttribute("aria-current"));
    const focused = doc.activeElement === old;
    fresh.classList.add("changed");
    old.replaceWith(fresh);
    window.htmx?.process(fresh);
    if (focused) fresh.focus(); else if (at >= 0) $$(can, fresh)[at]?.focus();
  }

  async function rows() {
    const numbers = [...news].slice(0, 100);
    news.clear();
    for (const list of $$("[data-live-list]")) {
      const url = new URL(list.dataset.liveList, location.href);
      for (const number of numbers) url.searchParams.append("number", number);
      const answer = await fetch(url).catch(() => null);
      if (!answer?.ok) continue;
      const found = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const number of numbers) {
        const [old, fresh] = [rowOf(number, list), rowOf(number, found)];
        if (old && fresh) replace(old, doc.adoptNode(fresh));
        else if (old) old.classList.add("gone");
        else if (fresh) waiting.add(number);
      }
      if (waiting.size) pill(list, root.dataset.new.replace("{n}", waiting.size));
      for (const number of numbers) if (rowOf(number, list)) asked.add(number);
    }
    soon("people", 100, people);
  }

  function pill(list, text) {
    const place = $("[data-live-pill]", list);
    if (!place) return;
    if (place.hidden) announce(text);
    place.hidden = false;
    $("span", place).textContent = text;
  }

  /* ---------- who else is here ---------- */
  const asked = new Set();
  const shown = (number) => $(`[data-live-record="${esc(number)}"]`) || $$("[data-live-list]").some((list) => rowOf(number, list));

  function avatar({ colour, initials, words, doing }) {
    const item = doc.createElement("span");
    item.className = `avatar a${colour} ${doing}`;
    item.title = words;
    item.role = "img";
    item.ariaLabel = words;
    item.textContent = initials;
    return item;
  }

  function show(number, people) {
    for (const place of $$(`[data-live-people="${esc(number)}"]`)) {
      const words = doc.createElement("span");
      words.className = "truncate";
      words.textContent = people.map((one) => one.words).slice(0, 2).join(", ");
      place.replaceChildren(...people.map(avatar), words);
    }
    for (const list of $$("[data-live-list]")) {
      const row = rowOf(number, list);
      if (!row) continue;
      $(".lookers", row)?.remove();
      if (!people.length) continue;
      const place = doc.createElement("span");
      place.className = "lookers";
      place.append(...people.map(avatar));
      ($("[data-open-row]", row) ?? $(".muted > .grow", row) ?? row).after(place);
    }
  }

  async function people() {
    const numbers = [...asked].slice(0, 100);
    asked.clear();
    if (!numbers.length) return;
    const answer = await fetch(`/live/people?${new URLSearchParams(numbers.map((one) => ["record", one]))}`).catch(() => null);
    if (!answer?.ok) return;
    const found = await answer.json();
    for (const number of numbers) show(number, found[number] ?? []);
  }

  /* ---------- what is done here ---------- */
  let told = "";

  function doing() {
    const at = doc.activeElement;
    if (at?.matches?.("quell-composer textarea") && at.value.trim()) return [at.name === "note" ? "noting" : "replying", ""];
    const field = at?.closest?.("[id^=edit-]");
    return field ? ["editing", field.id.slice(5)] : ["viewing", ""];
  }

  function say(record, what, field, leaving) {
    const body = new URLSearchParams({ record, page, doing: what, field, csrfmiddlewaretoken: csrf() });
    if (leaving) { navigator.sendBeacon("/live/here", body); return; }
    fetch("/live/here", { method: "POST", body }).then((answer) => (answer.ok ? answer.json() : null)).then((found) => {
      if (found) for (const [number, who] of Object.entries(found)) show(number, who);
    }).catch(() => {});
  }

  /* Every ten seconds, and at once when it is something else. */
  function beat(leaving = false, only = false) {
    const here = $("[data-live-record][data-live-here]")?.dataset.liveRecord ?? "";
    const [what, field] = doing();
    const now = here && !leaving ? [here, what, field].join(" ") : "";
    if (only && now === told) return;
    const before = told.split(" ")[0];
    told = now;
    if (before && (!now || before !== here)) say(before, "", "", true);
    if (now) say(here, what, field);
  }

  const look = () => soon("beat", 400, () => beat(doc.hidden, true));
  for (const name of ["input", "focusin", "focusout", "htmx:after:swap"]) doc.addEventListener(name, look);
  addEventListener("pagehide", () => beat(true));
  addEventListener("pageshow", look);
  setInterval(() => { if (!doc.hidden) beat(); }, 10_000);

  function begin() {
    for (const list of $$("[data-live-list]")) for (const box of $$("[name=selected]", list)) asked.add(box.value);
    people();
  }
  begin();
})();
