/* The portal's own few moves: answers to questions that come and go with the words above them, a worker for times
   without a network, and the words written down while there was none. All of it is extra. */
"use strict";
(() => {
  const { $, $$ } = window.quell;

  /* Answers survive the questions being drawn anew, and come back from the draft. */
  const typed = {};
  const place = () => $("[data-answers]");
  const controls = () => $$("input, select", place() ?? document.createElement("div"));

  function fill(values) {
    for (const control of controls()) {
      const known = values[control.name];
      if (known === undefined) continue;
      if (control.type === "radio") control.checked = control.value === known;
      else if (!control.value) control.value = known;
    }
  }

  function drafted() {
    const form = place()?.closest("form[data-draft]");
    const drafts = window.quell.drafts;
    const kept = form && drafts ? drafts.read(drafts.key("form", form.dataset.draft)) : null;
    return Object.fromEntries(Object.entries(kept?.value ?? {}).filter(([name, all]) => name.startsWith("answer-") && all.length).map(([name, all]) => [name, all[0]]));
  }

  document.addEventListener("input", (event) => {
    const { name, value, type, checked } = event.target;
    if (name?.startsWith("answer-") && (type !== "radio" || checked)) typed[name] = value;
  });
  document.addEventListener("htmx:after:swap", () => { if (place()) fill({ ...drafted(), ...typed }); });

  /* What was written down offline goes into an empty form, once. */
  for (const name of ["title", "detail"]) {
    try {
      const key = `quell-offline-${name}`;
      const words = localStorage.getItem(key);
      const box = $(`form[data-draft] #id_${name}`);
      if (!words || !box) continue;
      if (!box.value) {
        box.value = words;
        box.dispatchEvent(new Event("input", { bubbles: true }));
      }
      if (box.value === words) localStorage.removeItem(key);
    } catch { /* storage switched off */ }
  }

  if ("serviceWorker" in navigator && isSecureContext) {
    addEventListener("load", () => { navigator.serviceWorker.register("/service-worker.js").catch(() => {}); });
  }
})();
