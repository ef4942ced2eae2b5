/* The composer's quick ways: "/" canned replies, "@" people, "#" numbers, pictures that are pasted or dropped shown at
   once, sending and resolving with one key, the seconds in which a reply can be undone. Without this file the same is
   done by links and buttons. */
"use strict";
(() => {
  const { $, $$, word, announce, toast, csrf } = window.quell;
  const doc = document;
  const boxOf = (element) => element?.matches?.("quell-composer textarea");
  const modeOf = (box) => (box.name === "note" ? "internal" : "public");
  const composerOf = (element) => element.closest("quell-composer");
  const HEADERS = { "X-Form": "1" };

  async function ask(address, options = {}) {
    const answer = await fetch(address, { ...options, headers: { ...HEADERS, ...(options.headers ?? {}) } });
    if (answer.status === 401) { window.quell.open("signed-out"); return null; }
    const found = await answer.json().catch(() => null);
    if (!answer.ok) { toast(found?.sentence ?? word("failed", { code: answer.status }), { kind: "error" }); return null; }
    return found;
  }

  /* ---------- a list under the caret's line ---------- */
  const list = doc.createElement("ul");
  list.className = "completions";
  list.id = "completions";
  list.role = "listbox";
  list.hidden = true;
  let state = null;   // {box, kind, from, items, at}
  let asked = 0;

  const SIGNS = {
    "/": { pattern: /(?:^|\n)\/([^\n/]{0,60})$/u, url: (base, q, mode) => `${base}/texts?${new URLSearchParams({ q, mode })}`, least: 0 },
    "@": { pattern: /(?:^|[\s(])@([\p{L}\p{M}.'-]{0,30}(?: [\p{L}\p{M}.'-]{1,30}){0,2})$/u, url: (base, q, mode) => `${base}/people?${new URLSearchParams({ q, mode })}`, least: 1 },
    "#": { pattern: /(?:^|[\s(])#([^\s#]{0,30}(?: [^\s#]{1,20}){0,2})$/u, url: (base, q) => `/incidents/numbers?${new URLSearchParams({ q })}`, least: 2 },
  };

  function close() {
    if (!state) return;
    state.box.removeAttribute("aria-activedescendant");
    state.box.setAttribute("aria-expanded", "false");
    state = null;
    asked += 1;
    list.hidden = true;
    list.replaceChildren();
  }

  function mark(at) {
    state.at = at;
    for (const [i, item] of [...list.children].entries()) item.setAttribute("aria-selected", String(i === at));
    list.children[at]?.scrollIntoView({ block: "nearest" });
    state.box.setAttribute("aria-activedescendant", `completion-${at}`);
  }

  function show(box, kind, from, items) {
    state = { box, kind, from, items, at: 0 };
    list.replaceChildren(...items.map((one, i) => {
      const item = doc.createElement("li");
      item.role = "option";
      item.id = `completion-${i}`;
      const name = doc.createElement("span");
      name.className = "strong truncate";
      name.textContent = one.label;
      const hint = doc.createElement("span");
      hint.className = "muted truncate";
      hint.textContent = one.hint ?? "";
      item.append(name, hint);
      item.addEventListener("mousedown", (event) => { event.preventDefault(); state.at = i; awaited(choose()); });
      return item;
    }));
    box.parentElement.append(list);
    list.hidden = false;
    box.setAttribute("aria-controls", list.id);
    box.setAttribute("aria-expanded", "true");
    mark(0);
    announce(items[0].label);
  }

  async function look(box) {
    const before = box.value.slice(0, box.selectionStart);
    for (const [kind, sign] of Object.entries(SIGNS)) {
      const found = before.match(sign.pattern);
      if (!found || (found[1].length < sign.least && state?.kind !== kind)) continue;
      const mine = ++asked;
      const base = composerOf(box).dataset.base;
      const answer = await ask(sign.url(base, found[1], modeOf(box)));
      if (mine !== asked || doc.activeElement !== box) return;
      const from = before.length - found[1].length - 1;
      if (answer?.items?.length) show(box, kind, from, answer.items);
      else close();
      return;
    }
    close();
  }

  function put(box, from, text) {
    box.setRangeText(text, from, box.selectionStart, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  async function choose() {
    const { box, kind, from, items, at } = state;
    const one = items[at];
    close();
    if (kind !== "/") { put(box, from, one.put); return; }
    put(box, from, "");
    const filled = await ask(one.fill, { method: "POST", headers: { "X-CSRFToken": csrf() }, body: new URLSearchParams({ mode: modeOf(box) }) });
    if (!filled) return;
    put(box, box.selectionStart, filled.text);
    if (filled.sentence) { toast(filled.sentence); announce(filled.sentence); }
    gap(box);
  }

  /* A text on its way from the server is waited for, so that nobody sends half of it. */
  let filling = null;

  function awaited(promise) {
    filling = promise;
    promise.finally(() => { if (filling === promise) filling = null; });
  }

  /* The next thing nobody has filled in yet is selected. */
  function gap(box) {
    const at = box.value.search(/⟦[a-z_.]+⟧/);
    if (at >= 0) box.setSelectionRange(at, box.value.indexOf("⟧", at) + 1);
  }

  let pause = 0;
  doc.addEventListener("input", (event) => {
    if (!boxOf(event.target)) return;
    clearTimeout(pause);
    pause = setTimeout(() => look(event.target), state ? 60 : 90);
  });
  doc.addEventListener("focusout", (event) => { if (boxOf(event.target)) close(); });

  doc.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!boxOf(box) || event.isComposing) return;
    const send = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    if (!send && event.key === "Enter" && !state && pause && /(?:^|\n)\/[^\n/]{0,60}$/u.test(box.value.slice(0, box.selectionStart))) {
      // Enter was quicker than the list: take the first that is found.
      event.preventDefault();
      event.stopPropagation();
      clearTimeout(pause);
      awaited(look(box).then(() => (state ? choose() : null)));
      return;
    }
    if (state && !send) {
      const last = state.items.length - 1;
      const act = {
        ArrowDown: () => mark(state.at === last ? 0 : state.at + 1),
        ArrowUp: () => mark(state.at ? state.at - 1 : last),
        Enter: () => awaited(choose()),
        Tab: () => awaited(choose()),
        Escape: close,
      }[event.key];
      if (act) { event.preventDefault(); event.stopPropagation(); act(); }
      return;
    }
    if (send && (event.shiftKey || filling)) {
      event.preventDefault();
      event.stopPropagation();
      const form = box.form;
      const resolve = event.shiftKey && box.name === "body" ? $("[data-send-resolve]", form) : null;
      Promise.resolve(filling).then(() => setTimeout(() => form.requestSubmit(resolve ?? undefined)));
    }
  }, true);

  /* Buttons put the sign where the caret is. */
  doc.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-compose]");
    if (!button) return;
    const composer = composerOf(button);
    const box = composer?.box;
    if (!box) return;
    event.preventDefault();
    box.focus();
    const sign = button.dataset.compose;
    const before = box.value.slice(0, box.selectionStart);
    const glue = sign === "/" ? (before && !before.endsWith("\n") ? "\n" : "") : (before && !/\s$/.test(before) ? " " : "");
    box.setRangeText(glue + sign, box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    if (sign === "/") look(box);
  });

  /* ---------- files that lie in the composer ---------- */
  function chip(file) {
    const item = doc.createElement("li");
    item.dataset.enclosure = file.id;
    if (file.picture) {
      const link = doc.createElement("a");
      link.className = "picture";
      link.href = file.url;
      link.target = "_blank";
      link.rel = "noopener";
      const image = doc.createElement("img");
      image.src = file.url;
      image.alt = file.name;
      link.append(image);
      item.append(link);
    }
    const box = doc.createElement("span");
    box.className = "file";
    const name = doc.createElement("a");
    name.className = "truncate";
    name.href = file.url;
    name.textContent = file.name;
    const remove = doc.createElement("button");
    remove.className = "button small ghost icon";
    remove.formNoValidate = true;
    remove.setAttribute("formaction", `${file.url}/remove`);
    remove.dataset.removeFile = "";
    remove.textContent = "×";
    remove.setAttribute("aria-label", word("remove", { name: file.name }));
    box.append(name, remove);
    item.append(box);
    return item;
  }

  async function upload(composer, files) {
    const box = composer.box;
    const mode = modeOf(box);
    for (const file of files) {
      const body = new FormData();
      body.append("mode", mode);
      body.append("files", file);
      let answer = null;
      try {
        answer = await ask(`${composer.dataset.base}/files`, { method: "POST", headers: { "X-CSRFToken": csrf() }, body });
      } catch {
        toast(word("offline"), { kind: "error" });
      }
      if (!answer) { composer.keeper.add([file]); continue; }  // goes with the form instead
      for (const kept of answer.files) {
        $(`[data-kept="${mode}"]`, composer)?.append(chip(kept));
        if (kept.mark) put(box, box.selectionStart, `${kept.mark}\n`);
        announce(kept.name);
      }
    }
  }

  /* Pictures are shown at once; other files wait for the form, as they always did. */
  function pictures(event, carrier) {
    const composer = event.target.closest?.("quell-composer");
    const files = [...(carrier?.files ?? [])];
    if (!composer?.dataset.base || !files.length || !files.every((file) => file.type.startsWith("image/"))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    $("form", composer)?.classList.remove("over");
    const stamp = new Date().toISOString().slice(0, 19).replace(/[:T]/g, "-");
    upload(composer, files.map((file) => (file.name === "image.png"
      ? new File([file], `${word("pasted")}-${stamp}.png`, { type: file.type }) : file)));
  }
  doc.addEventListener("change", (event) => {
    const camera = event.target;
    if (!camera.matches?.("[data-camera]") || !camera.files.length) return;
    upload(composerOf(camera), [...camera.files]);
    camera.value = "";
  });
  doc.addEventListener("paste", (event) => pictures(event, event.clipboardData), true);
  doc.addEventListener("drop", (event) => pictures(event, event.dataTransfer), true);

  doc.addEventListener("click", async (event) => {
    const remove = event.target.closest?.("[data-remove-file]");
    if (!remove) return;
    event.preventDefault();
    const item = remove.closest("[data-enclosure]");
    const composer = composerOf(remove);
    const answer = await fetch(remove.getAttribute("formaction"), { method: "POST", headers: { ...HEADERS, "X-CSRFToken": csrf() } });
    if (!answer.ok) { toast(word("failed", { code: answer.status }), { kind: "error" }); return; }
    for (const box of $$("textarea", composer)) {
      const mark = new RegExp(`!\\[[^\\]]*\\]\\(file:${item.dataset.enclosure}\\)\\n?`, "g");
      if (mark.test(box.value)) { box.value = box.value.replace(mark, ""); box.dispatchEvent(new Event("input", { bubbles: true })); }
    }
    item.remove();
    composer.box?.focus();
  });

  /* ---------- up to where the writer has read ----------
     A reply written past a newer answer is held back. An answer that came while the page stood open is no such thing
     once it has been in sight for a moment, if nothing had been begun when it came. */
  const met = new Map();   // lines in sight, and since when
  let free = 0;            // the newest line that came to an empty reply

  function readOn() {
    const talk = $("#conversation[data-newest]");
    const seen = $("#seen");
    const newest = Number(talk?.dataset.newest ?? 0);
    if (!seen || newest <= Number(seen.value)) { met.clear(); return; }
    if (!seen.form.elements.body?.value.trim()) free = newest;
    if (doc.hidden || free < newest) return;
    const ceiling = $("#record-head")?.getBoundingClientRect().bottom ?? 0;
    const floor = composerOf(seen).getBoundingClientRect().top;
    const fresh = $$(".message[id^=entry-]", talk).filter((one) => Number(one.id.slice(6)) > Number(seen.value));
    for (const one of fresh) {
      const box = one.getBoundingClientRect();
      const shown = Math.min(box.bottom, floor) - Math.max(box.top, ceiling);
      if (shown >= Math.min(24, box.height) && !met.has(one.id)) met.set(one.id, Date.now());
    }
    if (fresh.every((one) => Date.now() - (met.get(one.id) ?? Infinity) > 800)) seen.value = String(newest);
  }
  doc.addEventListener("htmx:after:swap", readOn);
  setInterval(readOn, 400);

  /* ---------- undo, counted down ---------- */
  setInterval(() => {
    for (const count of $$("[data-countdown]")) {
      const toast = count.closest(".toast");
      toast.dataset.until ??= String(Date.now() + Number(count.dataset.countdown) * 1000);
      const left = Math.ceil((Number(toast.dataset.until) - Date.now()) / 1000);
      if (left > 0) count.textContent = `${left} s`;
      else toast.remove();
    }
  }, 250);
})();

/* Finding in a long choice of a dialog: what is typed leaves the lines that contain it, and chooses the first (names that
   begin with it before others); arrows go on from there, Enter sends the form. Without it the choice is an ordinary
   select. */
(() => {
  const choiceOf = (input) => input.matches?.("[data-finds]") && document.getElementById(input.dataset.finds);

  document.addEventListener("input", (event) => {
    const select = choiceOf(event.target);
    if (!select) return;
    const wanted = event.target.value.trim().toLowerCase();
    const left = [];
    for (const one of select.options) {
      const fits = Boolean(one.value) && one.text.toLowerCase().includes(wanted);
      one.hidden = Boolean(wanted) && !fits;
      if (fits && wanted) left.push(one);
    }
    // Who begins with what was typed goes before who only contains it.
    const first = left.find((one) => one.text.toLowerCase().startsWith(wanted)) ?? left[0];
    select.value = first ? first.value : [...select.options].find((one) => one.defaultSelected)?.value ?? "";
  });
  document.addEventListener("keydown", (event) => {
    const select = choiceOf(event.target);
    if (!select || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    const left = [...select.options].filter((one) => !one.hidden);
    const at = left.indexOf(select.selectedOptions[0]) + (event.key === "ArrowDown" ? 1 : -1);
    const to = left[Math.min(left.length - 1, Math.max(0, at))];
    if (to) select.value = to.value;
    event.preventDefault();
  });
})();
