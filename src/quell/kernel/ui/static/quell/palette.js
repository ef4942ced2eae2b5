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

/* A quick look at the row under the cursor, over the list and beside the keyboard: focus stays in the list, so J, K, X,
   Enter and the verbs of a selection do what they always do. Rows say with data-peek that they have one; it is fetched
   from the row's own address with /peek behind it. */
(() => {
  const { $, word, announce, toast, open } = window.quell;
  const box = $("#peek");
  if (!box) return;
  let shown = null;   // the link of the row that is looked at
  let waiting = null;
  let pause = 0;

  const address = (link) => {
    const url = new URL(link.href);
    url.pathname += "/peek";
    return url;
  };

  async function fill(link) {
    waiting?.abort();
    const mine = new AbortController();
    waiting = mine;
    const answer = await fetch(address(link), { headers: { "HX-Request": "true" }, signal: mine.signal }).catch(() => null);
    if (mine.signal.aborted || shown !== link) return;
    if (answer?.status === 401 || answer?.redirected) { close(); open("signed-out"); return; }
    if (!answer?.ok) { close(); toast(word(answer ? "gone" : "offline"), { kind: "error" }); return; }
    const text = await answer.text();
    if (shown !== link) return;
    box.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
    box.scrollTop = 0;
    if (!box.matches(":popover-open")) box.showPopover({ source: link });
    announce($("#peek-title", box)?.textContent ?? "");
  }

  function close() {
    const inside = box.contains(document.activeElement);
    const link = shown;
    waiting?.abort();
    clearTimeout(pause);
    shown = null;
    if (box.matches(":popover-open")) box.hidePopover();
    box.replaceChildren();
    if (inside && link?.isConnected) link.focus({ preventScroll: true });
  }

  /* Open, or close what is looked at already. False where a row has none. */
  window.quell.peek = (link) => {
    if (!link?.closest("[data-peek]")) return false;
    if (shown === link) { close(); return true; }
    shown = link;
    fill(link);
    return true;
  };

  document.addEventListener("list:cursor", ({ detail: link }) => {
    if (!shown || shown === link || !link) return;
    if (!link.closest("[data-peek]")) { close(); return; }
    shown = link;
    clearTimeout(pause);
    pause = setTimeout(fill, 40, link);   // a key that is held down passes over many rows
  });

  document.addEventListener("click", (event) => {
    const way = event.target.closest?.("a[href]");
    if (event.target.closest?.("[data-peek-close]")) close();
    else if (way && shown && (way === shown || box.contains(way)) && !event.ctrlKey && !event.metaKey) {
      const link = shown;
      close();
      if (way !== link) { event.preventDefault(); link.click(); }   // as the row itself is opened
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !shown || event.defaultPrevented || $("dialog[open]") || $(":popover-open:not(#peek)")) return;
    event.preventDefault();
    close();
  });
  // A dialog that opens puts it away; at once, so that a later look is not taken for this one.
  box.addEventListener("beforetoggle", (event) => { if (event.newState === "closed") { shown = null; waiting?.abort(); } });
})();
