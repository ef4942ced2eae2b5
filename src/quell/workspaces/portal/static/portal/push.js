/* The block “On this device”: turning notices of this browser on and off. */
"use strict";
(() => {
  const { $, csrf, toast, word } = window.quell;
  const block = $("[data-push]");
  if (!block) return;
  const button = $("[data-push-on]", block);
  const state = $("[data-push-state]", block);

  const say = (name) => { state.textContent = state.dataset[name]; };
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window && isSecureContext;
  const apple = /iPhone|iPad/.test(navigator.userAgent) && !matchMedia("(display-mode: standalone)").matches;

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const worker = async () => {
    await navigator.serviceWorker.register("/service-worker.js");
    return navigator.serviceWorker.ready;
  };

  /* One made for an earlier key of the house cannot be called any more. */
  async function subscribe() {
    const manager = (await worker()).pushManager;
    const key = bytes(block.dataset.push);
    const held = await manager.getSubscription();
    if (held && held.options.applicationServerKey && text(held.options.applicationServerKey) !== block.dataset.push) await held.unsubscribe();
    return manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  }

  async function turnOn() {
    if ((await Notification.requestPermission()) !== "granted") { show(); return; }
    const made = await subscribe();
    const body = new URLSearchParams({ endpoint: made.endpoint, p256dh: text(made.getKey("p256dh")), auth: text(made.getKey("auth")) });
    const answer = await fetch(block.dataset.url, { method: "POST", body, headers: { "X-CSRFToken": csrf() } });
    if (answer.status === 201) { location.hash = "devices"; location.reload(); return; }
    await made.unsubscribe();
    const said = await answer.json().catch(() => ({}));
    toast(said.sentence || word("failed", { code: answer.status }), { kind: "error" });
  }

  function show() {
    const here = "here" in block.dataset;
    const blocked = able && Notification.permission === "denied";
    if (!able) say(apple ? "apple" : "unable");
    else if (blocked) say("blocked");
    else say(here ? "on" : "off");
    button.hidden = !able || blocked || here;
  }

  button.addEventListener("click", async () => {
    button.setAttribute("aria-busy", "true");
    try {
      await turnOn();
    } catch (fault) {
      if (Notification.permission !== "denied") toast(state.dataset.failed, { kind: "error" });
      show();
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
  show();
})();
