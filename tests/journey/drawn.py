"""What is drawn alike need be asked about its colours only once.

Nine tenths of a page are drawn as on every other page: the frame, the hundred rows of a list. Whether its text can be
read hangs on the text's own size, weight and colour and on everything it lies in: which part of which component that
is, and how it is coloured, placed and made see-through. Where all of that is equal, so is the answer; the rest is asked
about. A theme or a width that changes any of it makes it unlike.

So it is with what a finger may miss: axe looks at whatever lies near each control, which takes longer than all its
other rules together. A control with room around it is fine; of those that lie close, it is asked about each way in
which two lie beside each other once.
"""

from __future__ import annotations

from playwright.sync_api import Page

#: Marks of what nothing was wrong with, in this process.
fine: set[str] = set()
#: The elements that `unlike` or `tight` found last, as the page knows them.
THOSE = "{ include: window.unlike }"

_MARKS = """() => {
  const hash = (text, from) => {
    let a = 0xdeadbeef ^ from, b = 0x41c6ce57 ^ from;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      a = Math.imul(a ^ code, 2654435761);
      b = Math.imul(b ^ code, 1597334677);
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    return 4294967296 * (2097151 & b) + (a >>> 0);
  };
  const marks = new Map();
  const mark = one => {
    let found = marks.get(one);
    if (found === undefined) {
      const style = getComputedStyle(one);
      const exempt = one.matches(":disabled, [aria-disabled=true], [inert]") || Boolean(one.control?.disabled);
      const own = [
        one.localName, one.getAttribute("class"), exempt, style.color, style.backgroundColor, style.backgroundImage,
        style.opacity, style.position, style.zIndex, style.filter, style.mixBlendMode, style.fontSize,
        style.fontWeight, style.textShadow, style.textDecorationLine, style.textDecorationStyle,
      ].join("|");
      const within = one.parentElement ? mark(one.parentElement) : 0;
      found = hash(`${own}|${within}`, 0);
      marks.set(one, found);
    }
    return found;
  };
  const alike = new Map();
  for (const one of document.querySelectorAll("body, body *")) {
    const says = one.matches("input, select, textarea, button")
      || [...one.childNodes].some(part => part.nodeType === Node.TEXT_NODE && part.data.trim());
    if (says && one.checkVisibility({ visibilityProperty: true }) && !alike.has(String(mark(one)))) {
      alike.set(String(mark(one)), one);
    }
  }
  window.alike = alike;
  return [...alike.keys()].join(" ");
}"""
#: The least width and height of a control in CSS pixels (WCAG 2.5.8), and what can be one: more than what is.
LEAST = 24
CONTROLS = (
    "a[href], area[href], button, input, select, textarea, summary, iframe, audio, video, [tabindex],"
    " [contenteditable], [draggable=true]"
)
#: What contains controls and is none, though it can have the focus: nothing is in its way.
AREAS = (
    ":is(main, div, section, article, ul, ol, table, form):is(:not([role]), [role=region], [role=group], [role=list])"
)
_TIGHT = """([controls, areas, least]) => {
  const named = one => `${one.localName} ${one.className} ${one.type ?? ""} ${one.tabIndex} `
    + `${one.getAttribute("role")} ${one.parentElement?.className} ${getComputedStyle(one).display}`;
  const all = [...document.querySelectorAll(controls)]
    .filter(one => one.checkVisibility({ visibilityProperty: true }))
    .map(one => [one, one.getBoundingClientRect()])
    .filter(([, box]) => box.width && box.height)
    .map(([one, box]) => {
      const small = box.width < least || box.height < least;
      const wide = small ? Math.max(box.width, least) : box.width;
      const high = small ? Math.max(box.height, least) : box.height;
      const left = box.left - (wide - box.width) / 2, top = box.top - (high - box.height) / 2;
      return { one, box, left, top, right: left + wide, bottom: top + high };
    })
    .sort((a, b) => a.top - b.top);
  const alike = new Map();
  all.forEach((it, at) => {
    for (let next = at + 1; next < all.length && all[next].top < it.bottom; next++) {
      const other = all[next];
      if (other.left >= it.right || other.right <= it.left) continue;
      if (it.one.contains(other.one) ? it.one.matches(areas) : other.one.contains(it.one) && other.one.matches(areas)) {
        continue;
      }
      const [a, b] = [it.box, other.box];
      const place = [a.width, a.height, b.left - a.left, b.top - a.top, b.width, b.height].map(Math.round);
      const mark = `${named(it.one)}|${named(other.one)}|${place}|${it.one.contains(other.one)}`;
      if (!alike.has(mark)) alike.set(mark, [it.one, other.one]);
    }
  });
  window.alike = alike;
  return [...alike.keys()];
}"""
_CHOOSE = "marks => { window.unlike = [...new Set(marks.flatMap(mark => window.alike.get(mark)))]; }"


def unlike(page: Page) -> list[str]:
    """Marks of what is drawn on this page now as nothing that was fine; one element of each waits in the page."""
    return _chosen(page, page.evaluate(_MARKS).split())


def tight(page: Page) -> list[str]:
    """Marks of how controls lie close on this page now as nothing that was fine; two of each wait in the page."""
    return _chosen(page, page.evaluate(_TIGHT, [CONTROLS, AREAS, LEAST]))


def _chosen(page: Page, marks: list[str]) -> list[str]:
    new = [mark for mark in marks if mark not in fine]
    if new:
        page.evaluate(_CHOOSE, new)
    return new
