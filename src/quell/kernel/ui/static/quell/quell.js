/* Quell: what every page needs. Requests, toasts, dialogs, theme, focus, announcements.
   Everything works without this file; it makes things quicker. No eval, no inline handlers (strict CSP). */
"use strict";
(() => {
  const doc = document;
  const root = doc.documentElement;
  const $ = (selector, from = doc) => from.querySelector(selector);
  const $$ = (selector, from = doc) => [...from.querySelectorAll(selector)];

  /* Words come translated from the page (ui/components/words.html); {name} is replaced. */
  function word(name, values = {}) {
    const text = $("#words")?.dataset[name] ?? name;
    return text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
  }

  function cookie(name) {
    const found = doc.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }

  /* The cookie is newer than the page after a sign-in in another tab. */
  function csrf() {
    const meta = $("meta[name=csrf-token]");
    return (meta && cookie(meta.dataset.cookie)) || meta?.content || "";
  }

  /* ---------- announcements and toasts ---------- */
  function announce(text, urgent = false) {
    const region = $(urgent ? "#assertive" : "#polite");
    if (!region) return;
    region.textContent = "";
    setTimeout(() => { region.textContent = text; }, 50);
  }

  const STAY = 10_000;

  function age(toast) {
    let left = STAY;
    let since = Date.now();
    let timer = setTimeout(() => toast.remove(), left);
    const hold = () => { clearTimeout(timer); left -= Date.now() - since; };
    const go = () => { since = Date.now(); timer = setTimeout(() => toast.remove(), Math.max(left, 2000)); };
    toast.addEventListener("pointerenter", hold);
    toast.addEventListener("focusin", hold);
    toast.addEventListener("pointerleave", go);
    toast.addEventListener("focusout", go);
  }

  function watchToast(toast) {
    if (toast.dataset.watched) return;
    toast.dataset.watched = "1";
    announce($(".grow", toast)?.textContent ?? toast.textContent, toast.classList.contains("bad"));
    if (!toast.classList.contains("bad")) age(toast);
  }

  function toast(text, { kind = "success" } = {}) {
    const box = $("#toasts");
    if (!box) return null;
    const item = doc.createElement("div");
    item.className = kind === "error" ? "toast bad" : "toast";
    item.dataset.toast = "";
    const words = doc.createElement("span");
    words.className = "grow";
    words.textContent = text;
    const close = doc.createElement("button");
    close.type = "button";
    close.className = "button small ghost";
    close.dataset.dismiss = "";
    close.textContent = "×";
    close.setAttribute("aria-label", word("dismiss"));
    item.append(words, close);
    box.append(item);
    watchToast(item);
    return item;
  }

  /* ---------- theme: at once here, kept by the server's cookie ---------- */
  function dark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  function keep(name, value) {
    const form = $("[data-theme-switch]");
    if (!form) return;
    fetch(form.action, {
      method: "POST",
      headers: { "X-CSRFToken": csrf(), "X-Quick": "1" },
      body: new URLSearchParams({ [name]: value }),
    }).catch(() => {});
  }

  doc.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-theme-switch]")) {
      event.preventDefault();
      const next = dark() ? "light" : "dark";
      root.dataset.theme = next;
      for (const other of $$("[data-theme-switch]")) other.elements.theme.value = next === "dark" ? "light" : "dark";
      keep("theme", next);
      return;
    }
    // A form older than the last sign-in carries a token that no longer fits; the cookie's does.
    const token = form.elements?.csrfmiddlewaretoken;
    const fresh = csrf();
    if (token && fresh && form.method === "post") token.value = fresh;
  }, true);

  /* ---------- dialogs ---------- */
  function open(id) {
    const dialog = doc.getElementById(id);
    if (!dialog) return false;
    doc.querySelector(":popover-open")?.hidePopover();
    if (!dialog.open) dialog.showModal();
    return true;
  }

  doc.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    // Until htmx has taken a control over, nobody would fetch the dialog's content: its link leads to a page then.
    const filled = !opener?.matches("[hx-get], [hx-post]") || opener.dataset.htmxPowered;
    if (opener && filled && open(opener.dataset.open)) event.preventDefault();
    const closer = event.target.closest("[data-close]");
    if (closer) { closer.closest("dialog")?.close(); event.preventDefault(); }
    const gone = event.target.closest("[data-dismiss]");
    if (gone) gone.closest("[data-toast], .banner")?.remove();
    if (event.target.matches("dialog") && event.target.open) event.target.close();  // a click on the backdrop
    const copy = event.target.closest("[data-copy]");
    if (copy) navigator.clipboard?.writeText(copy.dataset.copy).then(() => toast(word("copied")));
    for (const details of $$("details.editable[open]")) {
      if (!details.contains(event.target)) details.open = false;
    }
  });

  doc.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const details = event.target.closest?.("details.editable[open]");
    if (details) { details.open = false; $("summary", details).focus(); }
  });

  doc.addEventListener("toggle", (event) => {
    const box = event.target;
    const opened = box.matches?.("details.editable[open]") || (event.newState === "open" && box.matches?.(".panel, .editable"));
    if (opened) $("select, input:not([type=hidden]), textarea", box)?.focus();
  }, true);

  /* Arrow keys inside menus. */
  doc.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.(".menu");
    if (!menu || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
    const items = $$("a, button", menu);
    const at = items.indexOf(doc.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    items.at(to % items.length)?.focus();
    event.preventDefault();
  });

  /* ---------- requests of htmx ---------- */
  let running = 0;

  doc.addEventListener("htmx:config:request", (event) => {
    const { request } = event.detail.ctx;
    if (!/^(GET|HEAD|OPTIONS)$/i.test(request.method)) request.headers["X-CSRFToken"] = csrf();
  });
  doc.addEventListener("htmx:before:request", () => { running += 1; $("#busy")?.classList.add("on"); });
  doc.addEventListener("htmx:finally:request", () => {
    running = Math.max(0, running - 1);
    if (!running) $("#busy")?.classList.remove("on");
  });

  function signInPath() {
    return new URL($("meta[name=sign-in]")?.content || "/sign-in", location.href).pathname;
  }

  /* Signed out while typing: never swap the sign-in page into a pane (ux.md 2.1). */
  doc.addEventListener("htmx:before:response", (event) => {
    const { raw, status } = event.detail.ctx.response;
    const away = raw.redirected && new URL(raw.url).pathname === signInPath() && location.pathname !== signInPath();
    if (status === 401 || away) {
      event.preventDefault();
      open("signed-out");
    }
  });

  /* A whole error page has no place inside a pane: say it as a toast, leave the pane and its text alone. */
  doc.addEventListener("htmx:after:request", (event) => {
    const { response, text } = event.detail.ctx;
    if (response.status < 400 || response.headers.get("HX-Retarget")) return;
    const wholePage = /^\s*<!doctype/i.test(text);
    if (response.status < 500 && !wholePage) return;
    event.preventDefault();
    const code = response.headers.get("X-Request-ID") || String(response.status);
    const words = { 403: "forbidden", 404: "gone" }[response.status] ?? "failed";
    const plain = !wholePage && text.length < 300 && !text.includes("<") ? text : word(words, { code });
    toast(plain, { kind: "error" });
  });

  doc.addEventListener("htmx:error", (event) => {
    if (event.detail.error?.name === "AbortError" && event.detail.ctx?.request?.signal?.reason !== "timeout") return;
    toast(word("offline"), { kind: "error" });
  });

  /* ---------- focus after swaps ---------- */
  /* A dialog that was filled and in which nothing asks for the focus: its first control, not its frame. */
  function first(from) {
    const dialog = from.closest?.("dialog[open]");
    if (!dialog || (doc.activeElement !== dialog && dialog.contains(doc.activeElement) && !doc.activeElement.matches("[data-close]"))) return null;
    return $(".body :is(input:not([type=hidden]):checked, input:not([type=hidden], [type=radio]), select, textarea, button)", from);
  }

  function settle(from) {
    for (const item of $$("[data-toast]")) watchToast(item);
    const wanted = $("[data-focus]", from) ?? $("[autofocus]", from) ?? first(from);
    if (wanted) { wanted.focus(); wanted.scrollIntoView({ block: "nearest" }); }
    const spoken = $("[data-announce]", from);
    if (spoken) announce(spoken.dataset.announce || spoken.textContent);
  }

  let focused = null;
  doc.addEventListener("htmx:before:swap", () => { focused = doc.activeElement; });
  doc.addEventListener("htmx:after:swap", (event) => {
    const ctx = event.detail.ctx;
    const target = ctx.target?.isConnected ? ctx.target : doc;
    settle(target instanceof Element ? target : doc);
    // A dialog has done its work when what it posted was taken; loading its question or showing a fault keeps it open.
    const taken = !/^(GET|HEAD)$/i.test(ctx.request.method) && ctx.response.status < 300;
    if (taken) for (const dialog of $$("dialog[data-close-on-swap][open]")) dialog.close();
    if (doc.activeElement && doc.activeElement !== doc.body) return;
    // The pressed control went away with the swap: its successor by id, else the heading of what came.
    const again = focused?.id && doc.getElementById(focused.id);
    const heading = target instanceof Element ? $("h1", target) : null;
    const next = again || heading;
    if (!next) return;
    if (!again) next.tabIndex = -1;
    next.focus({ preventScroll: Boolean(again) });
  });

  /* A swap that changes the address moves the mark of the current row and the page's own links. */
  doc.addEventListener("htmx:after:history:push", () => {
    for (const link of $$("[data-row][href]")) {
      const here = new URL(link.href).pathname === location.pathname;
      if (here) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    }
  });

  window.quell = { $, $$, word, csrf, cookie, announce, toast, open, keep, settle };

  if (doc.readyState === "loading") doc.addEventListener("DOMContentLoaded", () => settle(doc)); else settle(doc);
})();
