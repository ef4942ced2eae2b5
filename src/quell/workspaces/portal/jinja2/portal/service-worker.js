/* Answers when there is no network, with one page that everybody may see. Pages of people are never kept here: what
   one person saw must not stay on the device for the next. And shows what comes by Web Push. */
"use strict";
const KEPT = "quell-offline-{{ version }}";
const OFFLINE = {{ offline|tojson }};
const STANDING = {{ standing|tojson }};
const DEVICES = {{ devices|tojson }};
const ICON = {{ picture|tojson }};
importScripts({{ store|tojson }});
const FILES = {{ kept|tojson }};

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(KEPT);
    await cache.addAll([...FILES, new Request(OFFLINE, { cache: "reload", credentials: "omit" })]);
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("quell-offline-") && name !== KEPT) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(async () => (await caches.match(OFFLINE)) ?? Response.error()));
  } else if (FILES.includes(new URL(request.url).pathname)) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(request)) ?? Response.error()));
  }
});

/* A later notice about the same request takes the place of the earlier one. */
self.addEventListener("push", (event) => {
  let said = {};
  try { said = event.data?.json() ?? {}; } catch { /* not ours */ }
  const { title = "Quell", body = "", url = "/", tag } = said;
  event.waitUntil(self.registration.showNotification(title, { body, tag, renotify: Boolean(tag), icon: ICON, badge: ICON, data: { url } }));
});

/* To the tab that shows it already, else into one of its own: no tab in which somebody writes is led away. */
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const target = new URL(event.notification.data?.url ?? "/", self.location.origin);
  if (target.origin !== self.location.origin) return;
  event.waitUntil((async () => {
    for (const tab of await self.clients.matchAll({ type: "window", includeUncontrolled: true })) {
      if (new URL(tab.url).pathname === target.pathname) return tab.focus();
    }
    return self.clients.openWindow(target.href);
  })());
});

/* The browser may give the device another address at any time. */
self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil((async () => {
    const key = event.oldSubscription?.options.applicationServerKey;
    const made = event.newSubscription ?? (key && await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
    const answer = made && await fetch(STANDING, { credentials: "same-origin" });
    if (!answer?.ok) return;
    const { csrf } = await answer.json();
    const { endpoint, keys } = made.toJSON();
    await fetch(DEVICES, { method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": csrf }, body: new URLSearchParams({ endpoint, ...keys }) });
  })());
});

/* What waits on this device leaves when there is a connection, also while no page is open. What the server refuses is
   left for a page, which can say why. */
self.addEventListener("sync", (event) => {
  if (event.tag !== "quell-waiting") return;
  event.waitUntil((async () => {
    const told = await self.quellWaiting.deliver();
    if (!told?.sent.length) return;
    for (const tab of await self.clients.matchAll({ type: "window" })) tab.postMessage("quell-waiting");
  })());
});
