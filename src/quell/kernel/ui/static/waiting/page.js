/* What a page shows of the things that wait for a connection: how many, what they are, opening, discarding and sending
   them. Comes when somebody begins to write where this is possible, and on every page while something waits. */
"use strict";
(() => {
  const { $, $$, word, toast, announce } = window.quell;
  const store = self.quellWaiting;
  const user = document.body.dataset.user;
  const FLAG = `quell-waiting|${user}`;
  const AGAIN_MS = 30_000;
  const LONGEST = 140;
  let things = [];
  let bar = null;
  let list = null;

  const made = (tag, className = "", text = "") => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  };

  const button = (text, act, className = "button small") => {
    const element = made("button", className, text);
    element.type = "button";
    element.addEventListener("click", act);
    return element;
  };

  /* ---------- keeping ---------- */
  const files = (thing) => thing.entries.filter(([, value]) => value instanceof Blob && value.size);

  function said(thing) {
    const texts = thing.entries.filter(([name, value]) => typeof value === "string" && value.trim() && name === thing.box);
    return texts.map(([, value]) => value.trim()).join(" ").slice(0, LONGEST);
  }

  /* Takes a form as it stands; true when it is safe here. The caller then empties it. */
  let pressed = null;
  document.addEventListener("submit", (event) => { pressed = event.submitter; }, true);

  async function keep(form, once = "") {
    const submitter = pressed?.form === form ? pressed : null;
    const mode = $("[name=visibility]:checked", form);
    const internal = (mode ?? form.elements.visibility)?.value === "internal";
    const box = internal ? "note" : form.elements.body ? "body" : "title";
    const dropped = new Set(["csrfmiddlewaretoken", ...(form.elements.note ? [internal ? "body" : "note"] : [])]);
    const entries = [...new FormData(form, submitter)].filter(([name, value]) => !dropped.has(name) && !(value instanceof Blob && !value.size));
    const label = [form.dataset.waits, mode?.closest("label")?.textContent.trim()].filter(Boolean).join(" · ");
    const thing = {
      user, label, entries, box, once,
      url: new URL(submitter?.getAttribute("formaction") || form.getAttribute("action") || location.href, location.href).pathname,
      page: location.pathname,
      thread: form.closest("quell-composer")?.dataset.record ?? "",
      drops: Boolean(form.closest("quell-composer")?.dataset.base),
    };
    try { await store.add(thing); } catch { return false; }
    announce(word("waitsKept"));
    navigator.serviceWorker?.ready.then((worker) => worker.sync?.register("quell-waiting")).catch(() => {});
    await refresh();
    return true;
  }

  /* A composer is sent by htmx. By the mark the server knows a reply again that it had taken when the connection broke;
     other words are another reply, whatever their mark. */
  document.addEventListener("htmx:config:request", ({ target, detail }) => {
    const composer = target.closest?.("quell-composer");
    if (composer && target === composer.form) detail.ctx.request.headers["X-Once"] = composer.once ??= store.token();
  });
  document.addEventListener("htmx:after:request", ({ target, detail }) => {
    const composer = target.closest?.("quell-composer");
    if (composer && detail.ctx.response.status < 300) composer.once = null;
  });
  document.addEventListener("htmx:error", (event) => {
    const form = event.target.closest?.("form[data-waits]");
    if (form && form !== event.target) event.stopPropagation();  // help with the writing is no matter without a connection
    const composer = form?.closest("quell-composer");
    if (!composer || event.target !== form || event.detail.ctx?.response) return;
    event.stopPropagation();
    const mode = composer.sentMode ?? composer.mode;
    keep(composer.form, composer.once).then((kept) => {
      if (!kept) { toast(word("offline"), { kind: "error" }); return; }
      composer.once = null;
      composer.taken(mode);
    });
  }, true);

  /* ---------- showing ---------- */
  function count() {
    const stuck = things.filter((one) => one.refused !== undefined).length;
    const text = stuck ? word("waitsStuck", { n: stuck }) : word(things.length === 1 ? "waitsOne" : "waitsMany", { n: things.length });
    if (!things.length) { bar?.remove(); bar = null; list?.close(); return; }
    if (!bar) {
      bar = made("section", "toast waiting");
      bar.id = "waiting";
      bar.setAttribute("aria-label", word("waitsTitle"));
      const words = made("span", "grow");
      words.append(made("b"), made("br"), made("span", "small"));
      bar.append(words, button(word("waitsShow"), show, "button small"));
      document.body.append(bar);
    }
    $("b", bar).textContent = text;
    $(".small", bar).textContent = word(stuck ? "waitsWhy" : "waitsKept");
  }

  function line(thing) {
    const item = made("li", "list-row");
    const words = made("div", "grow stack tight");
    words.append(made("span", "strong", thing.label), made("span", "soft", said(thing)));
    const times = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "short", timeStyle: "short", timeZone: document.body.dataset.zone || undefined });
    words.append(made("span", "small muted", [times.format(thing.at), ...files(thing).map(([, file]) => file.name)].join(" · ")));
    if (thing.refused !== undefined) {
      const fault = made("div", "field");
      fault.append(made("div", "error", word("waitsRefused", { sentence: thing.refused })));
      words.append(fault);
    }
    const drop = button(word("waitsDiscard"), async () => {
      if (!drop.dataset.sure) { drop.dataset.sure = "1"; drop.textContent = word("waitsSure"); drop.classList.add("danger"); return; }
      await store.remove(thing.id);
      await refresh();
    });
    const tools = made("div", "row tight");
    tools.append(button(word("waitsOpen"), () => open(thing)), drop);
    item.append(words, tools);
    return item;
  }

  function draw() {
    if (!list) return;
    const lines = $("ul", list);
    const lost = lines.contains(document.activeElement);
    lines.replaceChildren(...things.map(line));
    if (lost) $("button", list)?.focus();
  }

  function show() {
    if (!list) {
      list = made("dialog", "dialog wide");
      const head = made("header");
      const title = made("h2", "grow", word("waitsTitle"));
      title.id = "waiting-title";
      head.append(title);
      list.setAttribute("aria-labelledby", title.id);
      const body = made("div", "body stack");
      body.append(made("p", "soft", word("waitsHelp")), made("ul", "list"));
      const foot = made("footer");
      foot.append(button(word("waitsClose"), () => list.close(), "button"), button(word("waitsNow"), () => { asked = false; deliver(); }, "button primary"));
      list.append(head, body, foot);
      document.body.append(list);
    }
    draw();
    if (!list.open) list.showModal();
  }

  /* Where it was written, with everything that was typed. From then on it is an ordinary form again. */
  function open(thing) {
    if (location.pathname === thing.page && fill(thing)) { list?.close(); return; }
    if (!navigator.onLine) { toast(word("offline"), { kind: "error" }); return; }
    location.assign(`${thing.page}#waiting-${thing.id}`);
    if (location.pathname === thing.page) location.reload();
  }

  function formOf(thing) {
    return $$("form[data-waits]").find((form) => new URL(form.getAttribute("action") || location.href, location.href).pathname === thing.url);
  }

  function fill(thing) {
    const form = formOf(thing);
    if (!form) return false;
    const composer = form.closest("quell-composer");
    for (const [name, value] of thing.entries) {
      const controls = $$(`[name="${CSS.escape(name)}"]:not([type=hidden], [type=file])`, form);
      for (const control of controls) {
        if (control.matches("[type=radio], [type=checkbox]")) control.checked = control.value === value;
        else control.value = value;
        control.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }
    // A refused reply has left its files in the composer, where the server keeps them.
    if (!(thing.drops && thing.refused !== undefined)) {
      const keeper = composer?.keeper ?? $("[data-filedrop] input[type=file]", form)?.keeper;
      keeper?.add(files(thing).map(([, file]) => file));
    }
    store.remove(thing.id).then(refresh);
    $(`[name="${thing.box}"]`, form)?.focus();
    if (thing.refused) toast(thing.refused, { kind: "error" });
    return true;
  }

  /* ---------- sending ---------- */
  function sentence(text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const words = $(".error-summary li, .error-summary, .field .error, .toast .grow, main p[role=alert], main p.soft", page);
    return words?.textContent.trim().replace(/\s+/g, " ") ?? "";
  }

  function sent({ label, place }) {
    const number = place.match(/[A-Z]+-\d+/)?.[0];
    const item = toast(word("waitsSent", { what: number && !label.includes(number) ? `${label} ${number}` : label }));
    if (!item || !place) return;
    const link = made("a", "button small", word("waitsOpen"));
    link.href = place;
    $(".grow", item).after(link);
  }

  let running = null;
  let asked = false;  // to sign in: once, and when somebody wants to send now
  function deliver() {
    running ??= (async () => {
      const told = await store.deliver({ refused: (text) => sentence(text) || word("failed", { code: "" }) });
      for (const one of told?.sent ?? []) sent(one);
      if (told?.refused.length) toast(word("waitsRefused", { sentence: told.refused[0].refused }), { kind: "error" });
      if (told?.signedOut && things.length && !asked) asked = window.quell.open("signed-out");
      await refresh();
    })().finally(() => { running = null; });
    return running;
  }

  async function refresh() {
    try { things = await store.of(user); } catch { things = []; }
    for (const one of things.filter((thing) => thing.sent !== undefined)) {
      await store.remove(one.id);
      sent({ label: one.label, place: one.sent });
    }
    things = things.filter((thing) => thing.sent === undefined);
    try {
      if (things.length) localStorage.setItem(FLAG, String(things.length));
      else localStorage.removeItem(FLAG);
    } catch { /* storage switched off: what is kept is found again when somebody writes */ }
    count();
    draw();
  }

  addEventListener("online", deliver);
  setInterval(() => { if (navigator.onLine && things.some((one) => one.refused === undefined)) deliver(); }, AGAIN_MS);
  navigator.serviceWorker?.addEventListener("message", ({ data }) => {
    if (data === "quell-waiting") refresh();
  });
  if (isSecureContext) navigator.serviceWorker?.register("/service-worker.js").catch(() => {});

  (async () => {
    await refresh();
    const wanted = location.hash.match(/^#waiting-(\d+)$/);
    if (wanted) {
      const thing = things.find((one) => one.id === Number(wanted[1]));
      history.replaceState(history.state, "", location.pathname + location.search);
      if (thing) { fill(thing); return; }
    }
    if (things.length && navigator.onLine) deliver();
  })();

  window.quell.waiting = { keep, refresh };
})();
