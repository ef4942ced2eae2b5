/* The palette (ux.md 2.24): Ctrl+K or the field on top opens it; arrows choose, Enter does, Escape closes. What was
   opened lately in this tab comes first; it is forgotten with the tab. */
"use strict";
(() => {
  const { $, open, combobox } = window.quell;
  const dialog = $("#finder");
  const field = $("#finder-field");
  const list = $("#finder-list");
  if (!dialog || !field) return;

  const { choose, options } = combobox(field, list, (option) => option.click());

  function ask() {
    field.dispatchEvent(new Event("palette"));
  }

  function show(text) {
    if (!open("finder")) return;
    field.value = text;
    field.select();
    ask();
  }

  /* The field on top is a search without scripts; with them it is the way into the palette. */
  const top = $("#palette");
  top?.addEventListener("click", () => show(top.value));
  top?.addEventListener("keydown", (event) => {
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    show(event.key);
    field.setSelectionRange(1, 1);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (dialog.open) dialog.close(); else show("");
  });
  dialog.addEventListener("close", () => choose(null));

  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.target !== list) return;
    if (!field.value.trim()) remind();
    choose(options()[0] ?? null);
  });

  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    dialog.close();
    const then = option.dataset.thenOpen;
    if (then === "shortcuts") $("[data-open=shortcuts]")?.click();
    else if (then) open(then);
  });

  /* ---------- lately ---------- */
  const LATELY = `lately:${document.body.dataset.user}`;
  const MOST = 6;

  function lately() {
    try { return JSON.parse(sessionStorage.getItem(LATELY)) ?? []; } catch { return []; }
  }

  function note() {
    const heading = $("main h1");
    const number = /\/([A-Z]{2,4}-\d+)$/.exec(location.pathname)?.[1];
    if (!number || !heading) return;
    const rest = lately().filter((one) => one.url !== location.pathname);
    try {
      sessionStorage.setItem(LATELY, JSON.stringify([{ url: location.pathname, number, title: heading.textContent.trim() }, ...rest].slice(0, MOST)));
    } catch { /* a full or forbidden store only costs the convenience */ }
  }

  function remind() {
    const known = lately().filter((one) => one.url !== location.pathname);
    if (!known.length) return;
    const group = document.createElement("div");
    group.setAttribute("role", "group");
    group.setAttribute("aria-labelledby", "found-lately");
    const title = document.createElement("h3");
    title.id = "found-lately";
    title.setAttribute("role", "presentation");
    title.textContent = window.quell.word("lately");
    group.append(title);
    known.forEach((one, place) => {
      const link = document.createElement("a");
      link.href = one.url;
      link.id = `found-lately-${place}`;
      link.tabIndex = -1;
      link.setAttribute("role", "option");
      link.setAttribute("aria-selected", "false");
      const words = document.createElement("span");
      words.className = "truncate grow";
      words.textContent = one.title;
      const number = document.createElement("span");
      number.className = "mono muted";
      number.textContent = one.number;
      link.append(words, number);
      group.append(link);
    });
    list.prepend(group);
  }

  note();
  document.addEventListener("htmx:after:history:push", () => setTimeout(note, 100));
})();
