"""What is drawn alike need be asked about its colours only once.

Nine tenths of a page are drawn as on every other page: the frame, the hundred rows of a list. Whether its text can be
read hangs on the text's own size, weight and colour and on everything it lies in: which part of which component that
is, and how it is coloured, placed and made see-through. Where all of that is equal, so is the answer; the rest is asked
about. A theme or a width that changes any of it makes it unlike.
"""

from __future__ import annotations

from playwright.sync_api import Page

#: Marks of what nothing was wrong with, in this process.
fine: set[str] = set()
#: The elements that `unlike` found, as the page knows them.
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
    if (says && one.checkVisibility({ visibilityProperty: true }) && !alike.has(mark(one))) alike.set(mark(one), one);
  }
  window.alike = alike;
  return [...alike.keys()].join(" ");
}"""
_CHOOSE = "marks => { window.unlike = marks.map(mark => window.alike.get(Number(mark))); }"


def unlike(page: Page) -> list[str]:
    """Marks of what is drawn on this page now as nothing that was fine; one element of each waits in the page."""
    new = [mark for mark in page.evaluate(_MARKS).split() if mark not in fine]
    if new:
        page.evaluate(_CHOOSE, new)
    return new
