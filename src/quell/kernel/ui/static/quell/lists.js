/* Keyboard and selection: the same single letters in list, pane and record (ux.md 1.3). Any control says its own key
   with data-key ("a", "Shift+m", "g h", "Ctrl+k"); never while typing; one switch turns the letters off. */
"use strict";
(() => {
  const { $, $$, word, announce, open, keep, cookie } = window.quell;

  const on = () => cookie("shortcuts") !== "off";
  const typing = (element) => Boolean(element?.closest?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable=true], [contenteditable='']"));
  const visible = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? element.offsetParent !== null;

  /* ---------- the cursor row ---------- */
  const rows = () => $$("[data-list] [data-row]").filter(visible);
  const cursor = () => rows().find((row) => row.classList.contains("cursor")) ?? rows().find((row) => row.getAttribute("aria-current") === "true");
  const boxOf = (row) => $("input.check[name]", row);
  const linkOf = (row) => (row.matches("a[href]") ? row : $("[data-open-row], a[href]", row));

  function moveTo(row) {
    if (!row) return;
    for (const other of $$("[data-row].cursor")) other.classList.remove("cursor");
    row.classList.add("cursor");
    row.scrollIntoView({ block: "nearest" });
    linkOf(row)?.focus({ preventScroll: true });
    document.dispatchEvent(new CustomEvent("list:cursor", { detail: linkOf(row) }));
  }

  function step(by, extend) {
    const all = rows();
    if (!all.length) return false;
    const at = all.indexOf(cursor());
    const next = all[Math.min(all.length - 1, Math.max(0, at + by))] ?? all[0];
    if (extend) for (const row of [all[at], next]) if (row && boxOf(row)) pick(boxOf(row), true);
    moveTo(next);
    return true;
  }

  /* ---------- selection ---------- */
  let last = null;

  function tally(form) {
    if (!form) return;
    const boxes = $$("input.check[name]", form);
    const count = boxes.filter((box) => box.checked).length;
    const all = $("[data-select-all]", form);
    if (all) { all.checked = count > 0 && count === boxes.length; all.indeterminate = count > 0 && count < boxes.length; }
    const place = $("[data-select-count]", form);
    if (place) place.textContent = word("selected", { n: count });
    return count;
  }

  function pick(box, value) {
    box.checked = value;
    tally(box.form);
  }

  document.addEventListener("click", (event) => {
    const box = event.target;
    if (box.matches?.("[data-select-all]")) {
      for (const one of $$("input.check[name]", box.form)) one.checked = box.checked;
      announce(word("selected", { n: tally(box.form) }));
      return;
    }
    const none = box.closest?.("[data-select-none]");
    if (none) {
      for (const one of $$("input.check[name]", none.form)) one.checked = false;
      announce(word("selected", { n: tally(none.form) ?? 0 }));
      return;
    }
    if (!box.matches?.("[data-row] input.check[name]")) return;
    if (event.shiftKey && last?.isConnected) {
      const boxes = $$("input.check[name]", box.form);
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const one of boxes.slice(from, to + 1)) one.checked = box.checked;
    }
    last = box;
    tally(box.form);
  });

  /* ---------- keys ---------- */
  function nameOf(event) {
    const key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const letter = /^(?:[a-z]|Space)$/.test(key);
    return [(event.ctrlKey || event.metaKey) && "Ctrl", event.altKey && "Alt", event.shiftKey && letter && "Shift", key].filter(Boolean).join("+");
  }

  function press(element) {
    if (element.matches("input:not([type=checkbox], [type=radio], [type=submit]), textarea, select")) { element.focus(); element.select?.(); return; }
    const composer = element.matches("[name=visibility]") && element.closest("quell-composer");
    if (composer) { composer.choose(element.value); return; }
    const details = element.closest("summary") && element.closest("details");
    if (details) { details.open = true; return; }
    element.focus({ preventScroll: true });
    element.click();
  }

  const find = (key) => {
    const scope = $("dialog[open]") ?? document;
    return $$(`[data-key="${CSS.escape(key)}"]`, scope).filter((one) => !one.disabled && (visible(one) || one.matches("input[type=radio], .menu[popover] *"))).at(0);
  };

  /* Own keys (data-keys="a=q Shift+m=w" on the body): what is pressed is translated to the key the page knows. A key
     that was given away does nothing more. */
  const own = new Map((document.body.dataset.keys ?? "").split(" ").filter(Boolean).map((pair) => [pair.slice(0, pair.indexOf("=", 1)), pair.slice(pair.indexOf("=", 1) + 1)]));
  const theirs = new Map([...own].map(([key, mine]) => [mine, key]));
  const meant = (name) => theirs.get(name) ?? (own.has(name) ? "" : name);
  const shown = (chain) => { const [first, ...rest] = chain.split(" "); return [own.get(first) ?? first, ...rest].join(" "); };

  function relabel() {
    if (own.size) for (const cap of $$("[data-key] kbd:not([data-own])")) {
      const mine = own.get(cap.closest("[data-key]").dataset.key);
      if (mine) cap.textContent = mine.replace("Shift+", "⇧").toUpperCase();
      cap.dataset.own = "";
    }
  }

  let before = "";
  let wait = 0;

  /* The ticket before or after the open one in the list beside it. */
  function beside(by) {
    const all = rows();
    const at = all.findIndex((row) => row.getAttribute("aria-current") === "true");
    const next = at < 0 ? null : all[at + by];
    if (!next) return false;
    linkOf(next)?.click();
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  const BUILT_IN = {
    j: () => step(1), k: () => step(-1), "Shift+j": () => step(1, true), "Shift+k": () => step(-1, true),
    x: () => { const box = cursor() && boxOf(cursor()); if (!box) return false; pick(box, !box.checked); last = box; return true; },
    Space: () => { const row = cursor(); return Boolean(row && row.getAttribute("aria-current") !== "true" && window.quell.peek?.(linkOf(row))); },
    o: () => { const link = cursor() && linkOf(cursor()); if (!link) return false; link.click(); return true; },
    "[": () => beside(-1), "]": () => beside(1),
    "?": () => { sheet(); return open("shortcuts"); },
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    let name = nameOf(event);
    const plain = !name.startsWith("Ctrl+") && !name.startsWith("Alt+");
    if (plain && (!on() || typing(event.target))) return;
    if (name === "Space" && event.target.closest?.("button, input, summary, dialog, [popover]:not(.peek), [role=separator]")) return;  // it presses those
    if (plain && !before) name = meant(name);
    if (!name) return;
    if (name === "Escape" && !$("dialog[open]") && !$(":popover-open")) {
      const checked = $$("form[data-select] input.check[name]:checked");
      for (const box of checked) pick(box, false);
      return;
    }
    if (plain && $("dialog[open]") && name !== "?" && !find(name)) return;
    const chain = before ? `${before} ${name}` : name;
    const element = find(chain) ?? (before ? null : find(name));
    clearTimeout(wait);
    before = "";
    if (element) {
      press(element);
      if (chain !== name) element.closest(".menu:popover-open")?.hidePopover();
      event.preventDefault();
      return;
    }
    const second = plain ? $$("[data-key]").filter((one) => one.dataset.key.startsWith(`${name} `)) : [];
    if (second.length) {
      const menu = second[0].closest(".menu[popover]");
      before = name;
      wait = setTimeout(() => { before = ""; }, menu ? 10_000 : 1200);
      // What the second key chooses from is shown, as a press on its button would.
      if (menu && !menu.matches(":popover-open")) menu.showPopover({ source: $(`[popovertarget="${menu.id}"]`) });
      return;
    }
    if (BUILT_IN[name]?.()) event.preventDefault();
  });

  document.addEventListener("toggle", (event) => { if (event.newState === "closed" && event.target.matches?.(".menu")) before = ""; }, true);

  /* ---------- the sheet, fetched the first time ---------- */
  function sheet() {
    if ($("[data-shortcuts-here]")) list(); else $("#shortcuts-sheet")?.dispatchEvent(new Event("shortcuts"));
  }

  function list() {
    const place = $("[data-shortcuts-here]");
    if (!place) return;
    const seen = new Set();
    place.replaceChildren();
    for (const one of $$("[data-key][data-key-label]")) {
      if (seen.has(one.dataset.key)) continue;
      seen.add(one.dataset.key);
      const term = document.createElement("dt");
      for (const part of shown(one.dataset.key).split(/[ +]/)) {
        const cap = document.createElement("kbd");
        cap.textContent = part.length === 1 ? part.toUpperCase() : part;
        term.append(cap, " ");
      }
      const meaning = document.createElement("dd");
      meaning.textContent = one.dataset.keyLabel;
      place.append(term, meaning);
    }
  }

  document.addEventListener("click", (event) => { if (event.target.closest("[data-open=shortcuts]")) sheet(); }, true);
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-shortcuts-switch]")) keep("shortcuts", event.target.checked ? "on" : "off");
    if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  });
  for (const form of $$("form[data-select]")) tally(form);
  relabel();
  document.addEventListener("htmx:after:swap", () => { relabel(); if ($("#shortcuts[open]")) list(); });
  document.addEventListener("htmx:after:swap", () => { for (const form of $$("form[data-select]")) tally(form); });
})();
