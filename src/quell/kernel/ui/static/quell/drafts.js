/* Nothing anyone types is lost (ux.md 0.3): drafts on this device, the two-mode composer, files with a size check.
   A draft belongs to person, record and mode, so an internal note can never surface in a public reply. It is
   removed only after the server took the text. */
"use strict";
(() => {
  const { $, $$, word, announce, toast, csrf, open } = window.quell;
  const PREFIX = "quell-draft";
  const KEEP = 30 * 24 * 3600 * 1000;
  const user = document.body.dataset.user || "visitor";

  /* ---------- the store ---------- */
  const keyOf = (...parts) => [PREFIX, user, ...parts].join("|");

  function read(key) {
    try { return JSON.parse(localStorage.getItem(key) ?? "null"); } catch { return null; }
  }

  function write(key, value) {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify({ at: Date.now(), value }));
      return true;
    } catch { return false; }
  }

  function sweep() {
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(PREFIX) && Date.now() - (read(key)?.at ?? 0) > KEEP) localStorage.removeItem(key);
      }
    } catch { /* storage switched off: the page works, drafts do not */ }
  }

  /* What is kept of a form, for those who show that something is waiting. */
  window.quell.draftOf = (...parts) => read(keyOf(...parts))?.value ?? null;

  /* Making one takes a slow machine 60 ms: once, and before somebody waits for an answer to a key. */
  let times = null;
  function clock(at = Date.now()) {
    const shape = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    try {
      times ??= new Intl.DateTimeFormat(document.documentElement.lang, { ...shape, timeZone: document.body.dataset.zone || undefined });
    } catch { times = new Intl.DateTimeFormat(undefined, shape); }
    return times.format(at);
  }
  if ($("[data-draft-state]")) (window.requestIdleCallback ?? setTimeout)(() => clock());

  function say(scope, text) {
    const place = $("[data-draft-state]", scope) ?? $("[data-draft-state]");
    if (place) place.textContent = text;
  }

  /* Wait for a pause in typing, but never longer than three seconds. */
  function paced(run) {
    let pause = 0;
    let latest = 0;
    const now = () => { clearTimeout(pause); clearTimeout(latest); pause = latest = 0; run(); };
    const soon = () => {
      clearTimeout(pause);
      pause = setTimeout(now, 600);
      latest ||= setTimeout(now, 3000);
    };
    return { soon, now: () => { if (pause || latest) now(); } };
  }

  /* ---------- without a connection (waiting/page.js) ---------- */
  let coming = null;
  const come = () => (coming ??= Promise.all(["waitsStore", "waitsPage"].map((name) => new Promise((done) => {
    const script = document.createElement("script");
    script.async = false;
    script.src = word(name);
    script.onload = script.onerror = done;
    document.head.append(script);
  }))));
  const waits = async (form) => form.dataset.waits && (await come(), window.quell.waiting?.keep(form));
  for (const begun of ["focusin", "input"]) document.addEventListener(begun, ({ target }) => target.form?.dataset.waits && come());
  try {
    localStorage.setItem("quell-user", user);
    if (localStorage.getItem(`quell-waiting|${user}`)) come();
  } catch { /* none */ }

  /* ---------- sending ----------
     A form whose text matters is sent without leaving the page: whatever goes wrong, the text stays where it is.
     The server turns its redirect into 204 with Quell-Location (kernel/ui/middleware.py), so only a page that
     was really accepted makes us forget the draft. */
  /* Resolves to true when the page is being left because the server took the form. */
  const HEADERS = { "X-Form": "1" };

  function sentence(status, page, code) {
    const words = $(".toast .grow, main p[role=alert], main p.soft", page)?.textContent.trim();
    return words || word({ 403: "forbidden", 404: "gone" }[status] ?? "failed", { code: code || status });
  }

  /* An answer that is a page of its own (a result, a preview) takes the place of this one. */
  function show(page) {
    const fresh = $("main", page);
    const main = $("main");
    if (!fresh || !main) { location.reload(); return; }
    main.replaceWith(document.adoptNode(fresh));
    document.title = page.title;
    $("#toasts")?.append(...$$("#toasts > *", page));
    window.htmx?.process(fresh);
    wire(document);
    window.quell.settle(fresh);
  }

  async function send(form, submitter, { replaced, accepted, kept }) {
    if (form.dataset.sending) return true;
    form.dataset.sending = "1";
    submitter?.setAttribute("aria-busy", "true");
    try {
      const body = new FormData(form, submitter);
      const address = submitter?.getAttribute("formaction") || form.getAttribute("action") || location.href;
      const answer = await fetch(address, { method: "POST", body, headers: { ...HEADERS, "X-CSRFToken": csrf() } });
      const next = answer.headers.get("Quell-Location");
      const signIn = new URL($("meta[name=sign-in]")?.content || "/sign-in", location.href).pathname;
      if (answer.status === 401 || (next && new URL(next, location.href).pathname === signIn)) {
        open("signed-out");
      } else if (next) {
        accepted();
        location.assign(next);
        if (new URL(next, location.href).hash) location.reload();
        return true;
      } else {
        const text = await answer.text();
        const page = new DOMParser().parseFromString(text, "text/html");
        const fresh = form.id ? page.getElementById(form.id) : $(`form[data-draft="${CSS.escape(form.dataset.draft ?? "")}"]`, page);
        if (answer.ok) {
          if (!fresh) accepted();
          show(page);
          return true;
        }
        if (fresh && answer.status < 500) replaced(document.adoptNode(fresh));
        else toast(sentence(answer.status, page, answer.headers.get("X-Request-ID")), { kind: "error" });
      }
    } catch {
      if (await waits(form)) kept(); else toast(word("offline"), { kind: "error" });
    } finally {
      delete form.dataset.sending;
      submitter?.removeAttribute("aria-busy");
    }
    return false;
  }

  function focusFault(form) {
    const fault = $(".error-summary", form) ?? $("[aria-invalid=true]", form);
    if (fault) { fault.focus(); fault.scrollIntoView({ block: "nearest" }); }
    announce($(".error-summary, .field .error", form)?.textContent.trim() ?? "", true);
  }

  /* ---------- files ---------- */
  /* As the server counts it (kernel/files/store.py), so that both name the same limit. */
  function amount(bytes) {
    const mega = bytes / 1048576;
    return mega >= 1 ? `${mega.toLocaleString(document.documentElement.lang, { maximumFractionDigits: mega < 10 ? 1 : 0 })} MB` : `${Math.ceil(bytes / 1024)} kB`;
  }

  /* `input` keeps the chosen files; `list` shows them; `faults` tells what is too large. */
  function fileKeeper(input, list, faults, limit) {
    let files = [];

    function show() {
      const carrier = new DataTransfer();
      for (const file of files) carrier.items.add(file);
      input.files = carrier.files;
      if (!list) return;
      list.replaceChildren(...files.map((file, at) => {
        const item = document.createElement("li");
        const chip = document.createElement("span");
        chip.className = "file";
        const name = document.createElement("span");
        name.className = "truncate";
        name.textContent = file.name;
        const size = document.createElement("span");
        size.className = "muted nowrap";
        size.textContent = amount(file.size);
        const remove = document.createElement("button");
        remove.type = "button";
        remove.className = "button small ghost icon";
        remove.textContent = "×";
        remove.setAttribute("aria-label", word("remove", { name: file.name }));
        remove.addEventListener("click", () => { files.splice(at, 1); show(); input.focus(); });
        chip.append(name, size, remove);
        item.append(chip);
        return item;
      }));
    }

    function add(more) {
      const wrong = [];
      for (const file of more) {
        if (file.size > limit) wrong.push(word("tooLarge", { name: file.name, size: amount(file.size), limit: amount(limit) }));
        else if (!files.some((one) => one.name === file.name && one.size === file.size && one.lastModified === file.lastModified)) files.push(file);
      }
      if (faults) {
        faults.replaceChildren(...wrong.map((text) => {
          const line = document.createElement("div");
          line.className = "error";
          line.textContent = text;
          return line;
        }));
      } else if (wrong.length) toast(wrong.join(" "), { kind: "error" });
      show();
    }

    input.addEventListener("change", () => add([...input.files]));
    return { add, clear: () => { files = []; show(); faults?.replaceChildren(); }, count: () => files.length, all: () => [...files] };
  }

  function takeDropped(zone, keeper) {
    zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
    zone.addEventListener("dragleave", (event) => { if (!zone.contains(event.relatedTarget)) zone.classList.remove("over"); });
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      keeper.add([...event.dataTransfer.files]);
    });
  }

  function takePasted(zone, keeper) {
    zone.addEventListener("paste", (event) => {
      const pictures = [...(event.clipboardData?.files ?? [])];
      if (!pictures.length) return;
      event.preventDefault();
      const stamp = new Date().toISOString().slice(0, 19).replace(/[:T]/g, "-");
      keeper.add(pictures.map((file) => (file.name === "image.png"
        ? new File([file], `${word("pasted")}-${stamp}.png`, { type: file.type, lastModified: Date.now() }) : file)));
    });
  }

  const limitOf = (element) => Number(element.dataset.limit || element.closest("[data-limit]")?.dataset.limit) || 25 * 1024 * 1024;

  /* ---------- the composer ---------- */
  class Composer extends HTMLElement {
    static observedAttributes = ["data-record"];

    connectedCallback() {
      if (this.started) addEventListener("pagehide", this.leaving);
      else queueMicrotask(() => this.start());
    }

    disconnectedCallback() { this.pace?.now(); removeEventListener("pagehide", this.leaving); }

    /* A morph may hand this element to another record: the text stays with the one it was written for. */
    attributeChangedCallback(name, before, after) {
      if (!this.started || before === after) return;
      this.save();
      this.record = after;
      this.there = {};
      this.keeper.clear();
      say(this, "");
      queueMicrotask(() => {
        for (const [mode, box] of Object.entries(this.boxes)) {
          if (!box) continue;
          box.value = box.defaultValue;
          this.restore(mode, box);
        }
      });
    }

    start() {
      if (this.started || !this.isConnected) return;
      this.started = true;
      this.record = this.dataset.record;
      this.form = $("form", this);
      this.boxes = { public: this.form.elements.body, internal: this.form.elements.note };
      this.pace = paced(() => this.save());
      this.leaving = () => this.pace.now();
      for (const [mode, box] of Object.entries(this.boxes)) {
        if (!box) continue;
        this.restore(mode, box);
        box.addEventListener("input", () => { this.touched = mode; this.pace.soon(); });
        box.addEventListener("blur", () => this.pace.now());
      }
      this.keeper = fileKeeper($("input[type=file]:not([data-camera])", this), $("[data-file-list]", this), $("[data-file-errors]", this), limitOf(this));
      takeDropped(this.form, this.keeper);
      takePasted(this.form, this.keeper);
      this.form.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); this.form.requestSubmit(); }
      });
      this.form.addEventListener("change", (event) => { if (event.target.name === "visibility") this.pace.now(); });
      this.form.addEventListener("submit", (event) => {
        this.onItsWay = true;
        this.save();
        if (event.defaultPrevented || this.form.hasAttribute("hx-post")) return;
        event.preventDefault();
        const mode = this.mode;
        send(this.form, event.submitter, {
          accepted: () => this.taken(mode),
          kept: () => this.taken(mode),
          replaced: (fresh) => this.replace(fresh),
        }).then((left) => { this.onItsWay = left; });
      });
      this.addEventListener("htmx:before:request", () => { this.sentMode = this.mode; });
      this.addEventListener("htmx:finally:request", () => { this.onItsWay = false; });
      this.addEventListener("htmx:after:request", (event) => {
        const status = event.detail.ctx.response.status;
        this.onItsWay = false;
        if (event.detail.ctx.sourceElement === this.form && status < 300) this.taken(this.sentMode ?? this.mode);
      });
      addEventListener("pagehide", this.leaving);
    }

    get mode() { return $("[name=visibility]:checked", this.form)?.value ?? $("[name=visibility]", this.form)?.value ?? "public"; }

    get box() { return this.boxes[this.mode]; }

    key(mode) { return keyOf("record", this.record, mode); }

    restore(mode, box) {
      const kept = read(this.key(mode));
      if (!kept || !kept.value) return;
      const there = Number(box.dataset.savedAt || Infinity);  // no moment: put back after a refusal, the newest there is
      if (box.value.trim() && kept.at <= there) return;
      box.value = kept.value;
      say(this, `${word("draftRestored")} ${clock(kept.at)}`);
    }

    save() {
      for (const [mode, box] of Object.entries(this.boxes)) {
        if (!box) continue;
        const text = box.value;
        if (text.trim() === "" && !read(this.key(mode))) continue;
        const kept = write(this.key(mode), text.trim() ? text : null);
        if (mode === this.touched) this.keepThere(mode, text);
        if (mode === this.touched) say(this, kept ? (text.trim() ? `${word("draftSaved")} ${clock()}` : "") : word("draftUnsaved"));
      }
    }

    /* The server sent the form back with its sentence: take it, with the files that were chosen. */
    replace(fresh) {
      const files = this.keeper.all();
      for (const [name, mode] of [["body", "public"], ["note", "internal"]]) {
        const box = fresh.elements[name];
        if (box && !box.value.trim()) box.value = this.boxes[mode]?.value ?? "";
      }
      this.form.replaceWith(fresh);
      this.started = false;
      this.start();
      this.keeper.add(files);
      focusFault(fresh);
    }

    /* The same on the server, for another device; the copy here stays the first one. Nothing is sent while the text
       itself is on its way, so that a late draft never outlives it. */
    keepThere(mode, text) {
      this.there ??= {};
      if (!this.dataset.draftUrl || this.onItsWay || this.there[mode] === text) return;
      this.there[mode] = text;
      this.last = fetch(this.dataset.draftUrl, {
        method: "POST",
        headers: { "X-CSRFToken": csrf() },
        body: new URLSearchParams({ mode, body: text }),
        keepalive: text.length < 20_000,
      }).catch(() => { this.there[mode] = null; });
    }

    /* The server has the text: only now does the draft of this one mode go. */
    taken(mode) {
      write(this.key(mode), null);
      if (this.there?.[mode]) this.last?.finally(() => this.keepThere(mode, ""));
      const box = this.boxes[mode];
      if (box) box.value = "";
      this.keeper.clear();
      say(this, "");
    }

    get dirty() { return Object.values(this.boxes ?? {}).some((box) => box?.value.trim()) || Boolean(this.keeper?.count()); }

    /* Called by the shortcuts R and N. */
    choose(mode) {
      const radio = $(`[name=visibility][value=${mode}]`, this.form);
      if (!radio) return;
      radio.checked = true;
      this.boxes[mode]?.focus();
    }
  }
  customElements.define("quell-composer", Composer);

  /* ---------- any form with data-draft="name" ---------- */
  const skip = (control) => !control.name || control.name === "csrfmiddlewaretoken" || control.matches("[type=password], [type=hidden], [type=file], [data-no-draft]");

  function valuesOf(form) {
    const values = {};
    for (const control of form.elements) {
      if (skip(control)) continue;
      if (control.matches("[type=radio], [type=checkbox]")) {
        if (control.checked) (values[control.name] ??= []).push(control.value);
        else values[control.name] ??= [];
      } else (values[control.name] ??= []).push(control.value);
    }
    return values;
  }

  function putBack(form, values) {
    for (const control of form.elements) {
      if (skip(control) || !values[control.name]) continue;
      if (control.matches("[type=radio], [type=checkbox]")) control.checked = values[control.name].includes(control.value);
      else if (values[control.name].length) control.value = values[control.name].shift();
    }
  }

  /* What differs from the page, and what was kept before. The version it was written against goes with it, so that
     words put back next week meet the question about somebody's later change, not silently replace it. */
  function changed(form, state) {
    const now = valuesOf(form);
    const names = Object.keys(now).filter((name) => name in state.before || JSON.stringify(now[name]) !== JSON.stringify(state.first[name]));
    const found = Object.fromEntries(names.map((name) => [name, now[name]]));
    const version = names.length && form.querySelector("input[type=hidden][name=version]");
    return names.length ? { ...found, ...(version ? { version: [version.value] } : {}) } : null;
  }

  /* A refused form shows what was sent: all of it stays kept. Otherwise what was kept comes back. */
  function begin(form, state) {
    const key = keyOf("form", form.dataset.draft);
    const kept = read(key);
    const refused = $(".error-summary, [aria-invalid=true]", form);
    Object.assign(state, { key, first: valuesOf(form), before: (refused && kept?.value) || {} });
    if (refused || !kept?.value) return;
    const { version, ...values } = kept.value;
    const differs = Object.entries(values).some(([name, value]) => name in state.first && JSON.stringify(value) !== JSON.stringify(state.first[name]));
    if (!differs) return;
    putBack(form, structuredClone(values));
    const field = form.querySelector("input[type=hidden][name=version]");
    if (version && field) field.value = version[0];
    form.closest("details:not(.editable)")?.setAttribute("open", "");
    say(form, `${word("draftRestored")} ${clock(kept.at)}`);
  }

  const states = new WeakMap();

  function keepForm(form) {
    if (form.dataset.kept) return;
    form.dataset.kept = "1";
    const again = states.has(form);  // a morph kept the element and gave it a new page's values
    const state = states.get(form) ?? {};
    states.set(form, state);
    begin(form, state);
    if (again) return;
    let closed = false;
    const pace = paced(() => {
      if (closed || form.dataset.closed) return;
      const now = changed(form, state);
      const done = write(state.key, now);
      say(form, done ? (now ? `${word("draftSaved")} ${clock()}` : "") : word("draftUnsaved"));
    });
    form.addEventListener("input", pace.soon);
    form.addEventListener("change", pace.soon);
    form.addEventListener("click", (event) => { if (event.target.closest("[data-forget]")) { closed = true; write(state.key, null); } });
    form.addEventListener("focusout", pace.now);
    addEventListener("pagehide", pace.now);
    form.addEventListener("submit", (event) => {
      pace.now();
      if (event.defaultPrevented || form.hasAttribute("hx-post")) return;
      event.preventDefault();
      send(form, event.submitter, {
        accepted: () => { closed = true; write(state.key, null); },
        kept: () => {
          form.reset();
          for (const input of $$("input[type=file]", form)) input.keeper?.clear();
          write(state.key, null);
          say(form, "");
        },
        replaced: (fresh) => {
          const files = $$("input[type=file]", form).map((input) => [...input.files]);
          form.replaceWith(fresh);
          window.htmx?.process(fresh);
          wire(document);
          $$("input[type=file]", fresh).forEach((input, at) => input.keeper?.add(files[at] ?? []));
          focusFault(fresh);
        },
      });
    });
    form.addEventListener("htmx:before:request", () => { state.sent = state.key; });
    form.addEventListener("htmx:after:request", (event) => {
      if (event.detail.ctx.sourceElement === form && event.detail.ctx.response.status < 300) write(state.sent ?? state.key, null);
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
    });
  }

  function wire(from) {
    for (const form of $$("form[data-draft]", from)) keepForm(form);
    for (const zone of $$("[data-filedrop]", from)) {
      const input = $("input[type=file]", zone);
      if (!input || zone.dataset.wired) continue;
      zone.dataset.wired = "1";
      const list = document.createElement("ul");
      list.className = "files";
      const faults = document.createElement("div");
      faults.className = "field";
      faults.setAttribute("role", "alert");
      zone.after(faults, list);
      const keeper = fileKeeper(input, list, faults, limitOf(zone));
      input.keeper = keeper;
      takeDropped(zone, keeper);
      takePasted(zone.closest("form") ?? zone, keeper);
    }
  }

  /* Files cannot be kept as a draft: ask before they go with the tab. */
  addEventListener("beforeunload", (event) => {
    if (!$$("quell-composer").some((composer) => composer.keeper?.count())) return;
    event.preventDefault();
    event.returnValue = word("unsaved");
  });

  sweep();
  wire(document);
  document.addEventListener("htmx:after:swap", () => wire(document));
  window.quell.drafts = { key: keyOf, read, write, csrf };
})();
