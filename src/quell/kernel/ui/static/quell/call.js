/* The call on the line (ux.md 2.9): a dialog over the page, a clock that runs by itself, and a second call that can be
   taken while the first is parked. Each call is a draft of its own, so a parked one survives the tab. */
"use strict";
(() => {
  const { $, word, open, toast, draftOf } = window.quell;
  const dialog = $("#call");
  const bar = $("#parked");
  if (!dialog || !bar) return;
  const SLOTS = ["1", "2"];
  const typed = (slot) => draftOf("form", `contact-${slot}`);
  const line = (values) => (values.requester?.[0] || values.title?.[0] || "").split("@")[0].slice(0, 24);
  const worth = (values) => Boolean(values && (values.requester?.[0] || values.title?.[0]));

  function seconds(text) {
    const found = /^(\d{1,3}):([0-5]\d)$/.exec((text ?? "").trim());
    return found ? Number(found[1]) * 60 + Number(found[2]) : 0;
  }

  /* ---------- the clock ---------- */
  let ticking = 0;
  function run(field) {
    clearInterval(ticking);
    if (!field) return;
    const begun = Date.now() - seconds(field.value) * 1000;
    ticking = setInterval(() => {
      if (!field.isConnected) { clearInterval(ticking); return; }
      if (document.activeElement === field) return;
      const spent = Math.floor((Date.now() - begun) / 1000);
      field.value = `${Math.floor(spent / 60)}:${String(spent % 60).padStart(2, "0")}`;
    }, 1000);
    field.addEventListener("input", () => clearInterval(ticking), { once: true });
  }

  /* ---------- opening, parking ---------- */
  function load(slot) {
    if (!open("call")) return;
    const opener = $(`#call-slot-${slot}`);
    opener.dispatchEvent(new Event("call"));
  }

  function show() {
    bar.replaceChildren();
    const here = dialog.open ? $("[data-call]", dialog)?.dataset.call : "";
    for (const slot of SLOTS) {
      const values = typed(slot);
      if (slot === here || !worth(values)) continue;
      const chip = document.createElement("button");
      chip.type = "button";
      chip.className = "button small parked";
      chip.dataset.resume = slot;
      chip.textContent = `☎ ${line(values)} ${values.spent?.[0] ?? ""}`.trim();
      chip.title = word("parked");
      bar.append(chip);
    }
    bar.hidden = !bar.childElementCount;
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-new-call]");
    if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      event.stopPropagation();
      const free = SLOTS.find((slot) => !worth(typed(slot)));
      if (!free) toast(word("twoParked"), { kind: "error" });
      load(free ?? SLOTS[0]);
      return;
    }
    const resume = event.target.closest("[data-resume]");
    if (resume) load(resume.dataset.resume);
    if (event.target.closest("[data-park]")) dialog.close();
  }, true);
  dialog.addEventListener("close", () => { clearInterval(ticking); setTimeout(show, 50); });

  document.addEventListener("htmx:after:swap", () => {
    const form = $("[data-call]", dialog);
    if (!form || form.dataset.running) return;
    form.dataset.running = "1";
    setTimeout(() => { run($("[data-timer]", form)); show(); }, 0);
  });
  /* Logged: the answer is a toast alone, and the page underneath stays as it was. */
  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement, response } = event.detail.ctx;
    if (!sourceElement.matches?.("[data-call]") || response.status >= 300) return;
    sourceElement.dataset.closed = "1";  // its draft is done with
    setTimeout(() => { dialog.close(); $("#call-body").replaceChildren(); }, 0);
  });

  /* Ctrl+Shift+Enter: solved on the phone; the words for it first, if they are missing. */
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("form");
    const solved = form && $("[data-solved]", form);
    if (!solved || event.key !== "Enter" || !event.shiftKey || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    const words = $("[name=resolution]", form);
    if (words && !words.value.trim()) words.focus(); else form.requestSubmit(solved);
  }, true);

  show();
})();
