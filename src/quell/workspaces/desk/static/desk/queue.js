/* The queue: completion of a query, conditions in a panel at their chip, order of columns, moving cards, finding in a
   long choice. Everything here has a way without it. */
"use strict";
(() => {
  const { $, $$, announce, open } = window.quell;

  /* ---------- a panel at the control that opened it; htmx fetches what stands in it ---------- */
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-panel]");
    if (!opener || !opener.dataset.htmxPowered) return;
    const panel = document.getElementById(opener.dataset.panel);
    panel.showPopover({ source: opener });
    event.preventDefault();
  });

  /* ---------- finding in a long choice; Enter takes the first that is left ---------- */
  function narrow(input) {
    const wanted = input.value.trim().toLowerCase();
    const select = input.dataset.picker && document.getElementById(input.dataset.picker);
    if (select) {
      let first = null;
      for (const one of select.options) {
        const fits = Boolean(one.value) && one.text.toLowerCase().includes(wanted);
        one.hidden = Boolean(wanted) && !fits;
        if (fits && !first && wanted) first = one;
      }
      select.value = first ? first.value : "";
      preview(select);
      return;
    }
    for (const one of $$(".choice", input.form)) {
      if (one.querySelector("[name=value]")) one.hidden = !one.textContent.toLowerCase().includes(wanted);
    }
  }

  function preview(select) {
    const place = $("[data-chosen]", select.form);
    if (!place) return;
    const chosen = select.selectedOptions[0];
    place.textContent = chosen?.value ? place.dataset.chosen.replace("{name}", chosen.text.split(" · ")[0]) : place.dataset.nobody;
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-narrow], [data-picker]")) narrow(event.target);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-previewed]")) preview(event.target);
  });
  document.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!input.matches?.("[data-picker]")) return;
    const select = document.getElementById(input.dataset.picker);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const left = [...select.options].filter((one) => !one.hidden);
      const at = left.indexOf(select.selectedOptions[0]);
      const to = left[Math.min(left.length - 1, Math.max(0, at + (event.key === "ArrowDown" ? 1 : -1)))];
      if (to) { select.value = to.value; preview(select); }
      event.preventDefault();
    }
  });

  /* ---------- completion ---------- */
  let asked = 0;
  let timer = 0;
  const list = (input) => document.getElementById(input.getAttribute("aria-controls"));

  function hide(input) {
    list(input).hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  async function ask(input) {
    const mine = ++asked;
    const caret = input.selectionStart ?? input.value.length;
    const answer = await fetch(`${input.dataset.complete}?${new URLSearchParams({ text: input.value, caret })}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok || mine !== asked || document.activeElement !== input) return;
    const found = await answer.json();
    const place = list(input);
    place.replaceChildren(...found.choices.map((one, at) => {
      const item = document.createElement("li");
      item.id = `query-choice-${at}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.text = one.text;
      item.dataset.start = found.start;
      item.dataset.end = found.end;
      const code = document.createElement("span");
      code.className = "mono";
      code.textContent = one.text;
      item.append(code);
      if (one.label) {
        const label = document.createElement("span");
        label.className = "muted small";
        label.textContent = one.label;
        item.append(label);
      }
      return item;
    }));
    place.hidden = !found.choices.length;
    input.setAttribute("aria-expanded", String(!place.hidden));
  }

  function take(input, item) {
    const { text, start, end } = item.dataset;
    const space = text.endsWith(":") ? "" : " ";
    input.setRangeText(text + space, Number(start), Number(end), "end");
    hide(input);
    input.focus();
    if (!space) ask(input);
  }

  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-complete]")) return;
    clearTimeout(timer);
    timer = setTimeout(ask, 80, event.target);
  });
  document.addEventListener("focusin", (event) => { if (event.target.matches("[data-complete]")) ask(event.target); });
  document.addEventListener("focusout", (event) => { if (event.target.matches("[data-complete]")) setTimeout(hide, 150, event.target); });
  document.addEventListener("pointerdown", (event) => {
    const item = event.target.closest(".complete [role=option]");
    if (!item) return;
    take($("[data-complete]", item.closest(".complete")), item);
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!input.matches?.("[data-complete]") || list(input).hidden) return;
    const items = $$("[role=option]", list(input));
    const at = items.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.key === "Escape") { hide(input); event.preventDefault(); event.stopPropagation(); return; }
    if ((event.key === "Enter" || event.key === "Tab") && at >= 0) { take(input, items[at]); event.preventDefault(); return; }
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    const next = items[(at + by + items.length) % items.length];
    for (const one of items) one.setAttribute("aria-selected", String(one === next));
    input.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
    event.preventDefault();
  }, true);

  /* ---------- order of columns ---------- */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-earlier], [data-later]");
    if (!button) return;
    const item = button.closest("li");
    const other = button.matches("[data-earlier]") ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    if (button.matches("[data-earlier]")) other.before(item); else other.after(item);
    button.focus();
    announce(item.textContent.trim());
  });

  /* ---------- widths of columns: an edge is dragged, or moved by the arrows; this browser keeps them ---------- */
  const COLUMN = { least: 40, most: 900, step: 16 };
  const colOf = (grip) => $(`col[data-col="${grip.dataset.of}"]`, grip.closest("table"));
  const cookie = (text, age) => { document.cookie = `columns=${text}; path=/; max-age=${age}; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`; };

  /* From now on every column has the width it has. */
  function fix(table) {
    if (table.classList.contains("sized")) return;
    const now = $$("thead th", table).map((head) => Math.ceil(head.getBoundingClientRect().width));
    const over = now.reduce((sum, one) => sum + one, 0) - table.clientWidth;
    for (const [at, col] of $$("col", table).entries()) if (col.dataset.col) col.width = now[at] - (col.dataset.col === "title" ? Math.max(0, over) : 0);
    table.classList.add("sized");
  }

  /* The subject gives and takes, so that the table stays as wide as its place as long as it can. */
  function widen(grip, to) {
    const table = grip.closest("table");
    fix(table);
    const col = colOf(grip);
    const before = Number(col.width);
    col.width = Math.round(Math.min(COLUMN.most, Math.max(COLUMN.least, to)));
    const subject = $("col[data-col=title]", table);
    if (subject !== col) subject.width = Math.max(160, Number(subject.width) + before - Number(col.width));
    grip.ariaValueNow = col.width;
  }

  function remember(table) {
    const kept = new Map((window.quell.cookie("columns") || "").split("-").filter(Boolean).map((pair) => pair.split(".")));
    for (const col of $$("col[data-col]", table)) kept.set(col.dataset.col, col.width);
    cookie([...kept].map((pair) => pair.join(".")).join("-"), 31536000);
  }

  function release(table) {
    table.classList.remove("sized");
    for (const col of $$("col[data-col]", table)) col.removeAttribute("width");
    for (const grip of $$(".grip", table)) grip.ariaValueNow = grip.parentElement.offsetWidth;
    cookie("", 0);
  }

  for (const table of $$("table[data-sized]")) {
    const columns = $$("col", table);
    for (const [at, head] of $$("thead th", table).entries()) {
      if (!columns[at]?.dataset.col) continue;
      const grip = document.createElement("span");
      grip.className = "grip";
      grip.role = "separator";
      grip.tabIndex = 0;
      grip.dataset.of = columns[at].dataset.col;
      grip.title = table.dataset.gripHint;
      grip.ariaLabel = table.dataset.grip.replace("{column}", head.textContent.trim());
      grip.ariaOrientation = "vertical";
      grip.ariaValueMin = COLUMN.least;
      grip.ariaValueMax = COLUMN.most;
      grip.ariaValueNow = columns[at].width || COLUMN.least;
      head.append(grip);
    }
  }
  document.addEventListener("focusin", ({ target }) => { if (target.matches(".grip")) target.ariaValueNow = target.parentElement.offsetWidth; });
  document.addEventListener("keydown", (event) => {
    const grip = event.target;
    if (!grip.matches?.(".grip")) return;
    const by = { ArrowLeft: -COLUMN.step, ArrowRight: COLUMN.step }[event.key];
    if (by) { widen(grip, grip.parentElement.offsetWidth + by); remember(grip.closest("table")); } else if (event.key === "Delete") release(grip.closest("table"));
    else return;
    event.preventDefault();
  });
  let drag = null;
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.matches?.(".grip") || event.button) return;
    drag = { grip: event.target, from: event.clientX, width: event.target.parentElement.offsetWidth };
    drag.grip.setPointerCapture(event.pointerId);
    drag.grip.classList.add("held");
    event.preventDefault();
  });
  document.addEventListener("pointermove", (event) => { if (drag) widen(drag.grip, drag.width + event.clientX - drag.from); });
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => {
    if (!drag) return;
    drag.grip.classList.remove("held");
    if (drag.grip.closest("table").classList.contains("sized")) remember(drag.grip.closest("table"));
    drag = null;
  });
  document.addEventListener("dblclick", (event) => { if (event.target.matches(".grip")) release(event.target.closest("table")); });

  /* ---------- the board: dragging a card, or its menu, asks for a verb ---------- */
  let moved = null;

  function move(card, verb) {
    const form = $("#moving");
    form.elements.selected.value = card.dataset.card;
    form.elements.verb.value = verb;
    open("verb");
    form.requestSubmit();
  }

  const verbFor = (card, lane) => $(`#moves-${card.dataset.state} [data-move-to="${lane}"]`)?.dataset.verb;

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[popovertarget^=moves-]");
    if (opener) moved = opener.closest("[data-card]");
    const target = event.target.closest("[data-move-to]");
    if (target && moved) { target.closest("[popover]").hidePopover(); move(moved, target.dataset.verb); }
  });
  document.addEventListener("dragstart", (event) => {
    moved = event.target.closest?.("[data-card]");
    if (!moved) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", moved.dataset.card);
    moved.classList.add("dragged");
  });
  document.addEventListener("dragend", () => { for (const one of $$(".dragged, .lane.over")) one.classList.remove("dragged", "over"); });
  document.addEventListener("dragover", (event) => {
    const lane = event.target.closest?.("[data-lane]");
    for (const one of $$(".lane.over")) if (one !== lane) one.classList.remove("over");
    if (!lane || !moved || !verbFor(moved, lane.dataset.lane)) return;
    lane.classList.add("over");
    event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const lane = event.target.closest?.("[data-lane]");
    const verb = lane && moved && verbFor(moved, lane.dataset.lane);
    if (!verb) return;
    event.preventDefault();
    move(moved, verb);
  });
})();
