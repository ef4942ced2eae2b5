/* The page without a network: a report is written down here and leaves by itself when there is one. It belongs to whoever
   was signed in last on this device and has not signed out; without such a person the words are carried into the report
   form. What waits is counted here and not shown: nobody can say who is looking. */
"use strict";
(() => {
  const KEYS = { title: "quell-offline-title", detail: "quell-offline-detail" };
  const store = self.quellWaiting;
  const form = document.getElementById("jot");
  const said = document.getElementById("kept");
  const waiting = document.getElementById("waiting");

  const read = (key) => { try { return localStorage.getItem(key) ?? ""; } catch { return ""; } };
  const keep = (key, text) => {
    try {
      if (text) localStorage.setItem(key, text); else localStorage.removeItem(key);
      return true;
    } catch { return false; }
  };
  const last = read("quell-user");
  const user = last === "visitor" ? "" : last;

  async function count() {
    const there = user ? (await store.of(user).catch(() => [])).filter((one) => one.sent === undefined).length : 0;
    waiting.hidden = !there;
    waiting.querySelector("span").textContent = waiting.dataset[there === 1 ? "one" : "many"].replace("{n}", there);
    if (there) keep(`quell-waiting|${user}`, String(there));
    return there;
  }

  for (const [name, key] of Object.entries(KEYS)) {
    const box = form.elements[name];
    box.value = read(key);
    box.addEventListener("input", () => { if (keep(key, box.value)) said.textContent = said.dataset.kept; });
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!user) { said.textContent = said.dataset.later; return; }
    const entries = [...new FormData(form)].filter(([, value]) => !(value instanceof Blob && !value.size));
    const place = new URL(form.action).pathname;
    try {
      await store.add({ user, label: form.dataset.label, entries: [...entries, ["token", store.token()]], box: "title", once: "", url: place, page: place, thread: "" });
    } catch {
      said.textContent = said.dataset.failed;
      return;
    }
    form.reset();
    for (const key of Object.values(KEYS)) keep(key, "");
    said.textContent = said.dataset.waits;
    await count();
    navigator.serviceWorker?.ready.then((worker) => worker.sync?.register("quell-waiting")).catch(() => {});
    if (navigator.onLine) leave();
  });

  /* There is a connection: what waits goes first, then on to what was made of it, or to the page that was asked for. */
  let leaving = false;
  async function leave() {
    if (leaving) return;
    leaving = true;
    await store.deliver().catch(() => null);
    const made = (await store.of(user).catch(() => [])).filter((one) => one.sent !== undefined).at(-1);
    if (made) await store.remove(made.id);
    leaving = false;
    await count();
    if (made) location.assign(made.sent);
    else if (!form.elements.title.value.trim() && await fetch(location.href, { method: "HEAD" }).then((answer) => answer.ok, () => false)) location.reload();
  }

  document.getElementById("again").addEventListener("click", () => location.reload());
  addEventListener("online", leave);
  count();
})();
