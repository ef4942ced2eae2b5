/* What waits on this device for a connection: kept here, files included, and sent from here, in its order, once. Pages,
   the offline page and the service worker use the same few functions. Each thing belongs to one person and is sent for
   nobody else; the server knows its token again, so that one that had arrived already does not arrive twice. */
"use strict";
(() => {
  const STORE = "things";
  const LOCK = "quell-waiting";
  const PATIENCE_MS = 180_000; // a minute of film over a thin line

  const opened = () => new Promise((done, failed) => {
    const asked = indexedDB.open("quell-waiting", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id", autoIncrement: true });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });

  async function within(mode, work) {
    const database = await opened();
    try {
      return await new Promise((done, failed) => {
        const passage = database.transaction(STORE, mode, { durability: "strict" });
        const asked = work(passage.objectStore(STORE));
        passage.oncomplete = () => done(asked.result);
        passage.onabort = passage.onerror = () => failed(passage.error);
      });
    } finally {
      database.close();
    }
  }

  const add = (thing) => within("readwrite", (store) => store.add({ at: Date.now(), ...thing }));
  const put = (thing) => within("readwrite", (store) => store.put(thing));
  const remove = (id) => within("readwrite", (store) => store.delete(id));
  const of = async (user) => (await within("readonly", (store) => store.getAll())).filter((one) => one.user === user);

  /* Also where a page is not in a secure context and has no UUIDs. */
  const token = () => [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");

  /* Who is signed in, and a fresh token against forged posts; null without a connection. */
  async function standing() {
    try {
      const answer = await fetch("/profile/standing", { credentials: "same-origin", cache: "no-store" });
      return answer.ok ? await answer.json() : answer.status === 401 ? { user: "" } : null;
    } catch { return null; }
  }

  function post(thing, csrf) {
    const body = new FormData();
    for (const [name, value] of thing.entries) body.append(name, value);
    const headers = { "X-CSRFToken": csrf, "X-Form": "1", ...(thing.once ? { "X-Once": thing.once } : {}) };
    return fetch(thing.url, { method: "POST", body, headers, credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS) });
  }

  /* A page gives `refused`, which reads the sentence of a refusal. Without it (in the worker) what is refused is left for
     a page, and what was sent leaves a word behind for the next one: `sent`, where it leads. */
  async function send({ refused } = {}) {
    const told = { sent: [], refused: [], signedOut: false };
    const who = await standing();
    if (!who) return told;
    if (!who.user) return { ...told, signedOut: true };
    const behind = new Set();
    for (const thing of await of(who.user)) {
      if (thing.sent !== undefined) continue;
      if (thing.refused !== undefined || behind.has(thing.thread)) { behind.add(thing.thread || undefined); continue; }
      let answer = null;
      try { answer = await post(thing, who.csrf); } catch { break; }
      const place = answer.headers.get("Quell-Location") ?? "";
      if (answer.status === 401 || /^[^?]*\/sign-in(\?|$)/.test(place)) { told.signedOut = true; break; }
      if (answer.ok) {
        await (refused ? remove(thing.id) : put({ ...thing, entries: [], sent: place }));
        told.sent.push({ label: thing.label, place });
      } else if (answer.status >= 500 || answer.status === 429 || answer.status === 408) {
        break;
      } else {
        if (refused) {
          thing.refused = refused(await answer.text(), answer.status);
          await put(thing);
          told.refused.push(thing);
        }
        behind.add(thing.thread || undefined);
      }
    }
    return told;
  }

  /* Two tabs and the worker do not send the same at once. */
  const deliver = (how) => (navigator.locks ? navigator.locks.request(LOCK, () => send(how)) : send(how));

  self.quellWaiting = { add, put, remove, of, token, deliver };
})();
