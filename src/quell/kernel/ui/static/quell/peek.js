/* A quick look at the row under the cursor, over the list and beside the keyboard: focus stays in the list, so J, K, X,
   Enter and the verbs of a selection do what they always do. Rows say with data-peek that they have one; it is fetched
   from the row's own address with /peek behind it. */
"use strict";
(() => {
  const { $, word, announce, toast, open } = window.quell;
  const box = $("#peek");
  if (!box) return;
  let shown = null;   // the link of the row that is looked at
  let waiting = null;
  let pause = 0;

  const address = (link) => {
    const url = new URL(link.href);
    url.pathname += "/peek";
    return url;
  };

  async function fill(link) {
    waiting?.abort();
    const mine = new AbortController();
    waiting = mine;
    const answer = await fetch(address(link), { headers: { "HX-Request": "true" }, signal: mine.signal }).catch(() => null);
    if (mine.signal.aborted || shown !== link) return;
    if (answer?.status === 401 || answer?.redirected) { close(); open("signed-out"); return; }
    if (!answer?.ok) { close(); toast(word(answer ? "gone" : "offline"), { kind: "error" }); return; }
    const text = await answer.text();
    if (shown !== link) return;
    box.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
    box.scrollTop = 0;
    if (!box.matches(":popover-open")) box.showPopover({ source: link });
    announce($("#peek-title", box)?.textContent ?? "");
  }

  function close() {
    const inside = box.contains(document.activeElement);
    const link = shown;
    waiting?.abort();
    clearTimeout(pause);
    shown = null;
    if (box.matches(":popover-open")) box.hidePopover();
    box.replaceChildren();
    if (inside && link?.isConnected) link.focus({ preventScroll: true });
  }

  /* Open, or close what is looked at already. False where a row has none. */
  window.quell.peek = (link) => {
    if (!link?.closest("[data-peek]")) return false;
    if (shown === link) { close(); return true; }
    shown = link;
    fill(link);
    return true;
  };

  document.addEventListener("list:cursor", ({ detail: link }) => {
    if (!shown || shown === link || !link) return;
    if (!link.closest("[data-peek]")) { close(); return; }
    shown = link;
    clearTimeout(pause);
    pause = setTimeout(fill, 40, link);   // a key that is held down passes over many rows
  });

  document.addEventListener("click", (event) => {
    const way = event.target.closest?.("a[href]");
    if (event.target.closest?.("[data-peek-close]")) close();
    else if (way && shown && (way === shown || box.contains(way)) && !event.ctrlKey && !event.metaKey) {
      const link = shown;
      close();
      if (way !== link) { event.preventDefault(); link.click(); }   // as the row itself is opened
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !shown || event.defaultPrevented || $("dialog[open]") || $(":popover-open:not(#peek)")) return;
    event.preventDefault();
    close();
  });
  // A dialog that opens puts it away; at once, so that a later look is not taken for this one.
  box.addEventListener("beforetoggle", (event) => { if (event.newState === "closed") { shown = null; waiting?.abort(); } });
})();
