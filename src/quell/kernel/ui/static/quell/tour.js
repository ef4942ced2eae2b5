/* Notes beside real elements, one at a time (ui/components/tour.html). Loaded only when there are any. Esc, Close and
   Done end them for good; the page stays usable behind them. */
"use strict";
(() => {
  const { $, $$, csrf, announce } = window.quell;
  const box = $("#tour");
  if (!box?.showPopover) return;
  const marks = $$("[data-mark]", box);
  const form = $("form", box);
  const before = document.activeElement;
  let at = 0;
  let target = null;
  let over = false;

  const seen = (one) => one.checkVisibility?.({ visibilityProperty: true }) && one.getClientRects().length > 0;
  const find = (places) => places.split("|").flatMap((place) => $$(place)).find((one) => seen(one) && !box.contains(one)) ?? null;

  /* Beside what is meant, never over it: below, above, after, before; where nothing fits, the lower corner. On a
     telephone the sheet decides: at the foot, or at the head where there is more room. */
  function place() {
    const room = 12;
    box.style.inset = "";
    box.classList.remove("high");
    if (!target) return;
    const it = target.getBoundingClientRect();
    if (matchMedia("(max-width: 820px)").matches) {
      box.classList.toggle("high", it.top > innerHeight - it.bottom);
      return;
    }
    const { width, height } = box.getBoundingClientRect();
    const within = (value, most) => Math.max(room, Math.min(value, most - room));
    const x = within(it.left, innerWidth - width);
    const y = within(it.top, innerHeight - height);
    const [below, above, after, ahead] = [
      [x, it.bottom + room], [x, it.top - height - room], [it.right + room, y], [it.left - width - room, y],
    ];
    // Beside what is narrower than the note, so that its neighbours in a column stay in sight.
    const [left, top] = (it.width < width ? [after, below, above, ahead] : [below, above, after, ahead]).find(([l, t]) => l >= room && t >= room && l + width <= innerWidth - room && t + height <= innerHeight - room)
      ?? [innerWidth - width - room, innerHeight - height - room];
    box.style.inset = `${top}px auto auto ${left}px`;
  }

  function show(next, spoken = true) {
    at = next;
    target?.classList.remove("pointed");
    for (const mark of marks) mark.hidden = mark !== marks[at];
    target = find(marks[at].dataset.mark);
    target?.classList.add("pointed");
    target?.scrollIntoView({ block: "nearest" });
    const count = $("[data-mark-place]", box);
    count.textContent = count.dataset.words.replace("{n}", at + 1).replace("{all}", marks.length);
    $("[data-tour-back]", box).hidden = at === 0;
    const last = at === marks.length - 1;
    $("[data-tour-next]", box).hidden = last;
    $("[data-tour-done]", box).hidden = !last;
    box.setAttribute("aria-labelledby", `mark-${at + 1}`);
    box.setAttribute("aria-describedby", `mark-text-${at + 1}`);
    place();
    $(last ? "[data-tour-done]" : "[data-tour-next]", box).focus({ preventScroll: true });
    if (spoken) announce(`${marks[at].textContent.trim()} ${count.textContent}`);
  }

  function end() {
    if (over) return;
    over = true;
    target?.classList.remove("pointed");
    box.hidePopover();
    removeEventListener("resize", place);
    document.removeEventListener("scroll", place, true);
    fetch(form.action, { method: "POST", headers: { "X-CSRFToken": csrf(), "X-Quick": "1" }, keepalive: true }).catch(() => {});
    const address = new URL(location.href);
    address.searchParams.delete("tour");
    history.replaceState(history.state, "", address);
    (before && before !== document.body && before.isConnected ? before : $("#main"))?.focus({ preventScroll: true });
  }

  form.addEventListener("submit", (event) => { event.preventDefault(); end(); });
  box.addEventListener("click", (event) => {
    if (event.target.closest("[data-tour-next]")) show(at + 1);
    if (event.target.closest("[data-tour-back]")) show(at - 1);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && box.matches(":popover-open") && !$("dialog[open]") && !$(":popover-open:not(#tour)")) end();
  });
  addEventListener("resize", place);
  document.addEventListener("scroll", place, { capture: true, passive: true });

  box.showPopover();
  show(0, false);
})();
