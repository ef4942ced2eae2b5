"""What is drawn alike need be asked about its colours only once.

Nine tenths of a page are drawn as on every other page: the frame, the hundred rows of a list. Whether its text can be
read hangs on the text's own size, weight and colour and on everything it lies in: which part of which component that
is, and how it is coloured, placed and made see-through. Where all of that is equal, so is the answer; the rest is asked
about. A theme or a width that changes any of it makes it unlike.

Nor need axe, which looks at the whole page for one word, be asked where the answer is plain: plain colours on one
another, more than enough contrast for the smallest text, nothing painted in between that the text does not lie in.

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

MARKS = """() => {
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
#: Of marks, those of which it is not plain that axe has nothing to say: they have WCAG's contrast (1.4.3) of small
#: text, whatever their size, or are what nobody asks about: disabled, only for screen readers, on a picture (which axe
#: leaves to people). What is made see-through, what reaches beyond its ground or lies with something else over or under
#: it, and links among words that only their colour tells apart (1.4.1) are for axe.
DOUBTED = """marks => {
  const ENOUGH = 4.52;
  const channels = text => {
    const rgb = /^rgba?\\(([\\d.]+), ([\\d.]+), ([\\d.]+)(?:, ([\\d.]+))?\\)$/.exec(text);
    if (rgb) return [rgb[1] / 255, rgb[2] / 255, rgb[3] / 255, Number(rgb[4] ?? 1)];
    const srgb = /^color\\(srgb ([\\d.e-]+) ([\\d.e-]+) ([\\d.e-]+)(?: \\/ ([\\d.e-]+))?\\)$/.exec(text);
    return srgb ? [Number(srgb[1]), Number(srgb[2]), Number(srgb[3]), Number(srgb[4] ?? 1)] : null;
  };
  const over = (high, low) => [0, 1, 2].map(at => high[at] * high[3] + low[at] * (1 - high[3])).concat(1);
  const light = colour => {
    const [r, g, b] = colour.map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const clear = colour => /^(rgba\\(.*, 0\\)|.* \\/ 0\\)|transparent)$/.test(colour);
  const cuts = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const painted = [];
  for (const one of marks.length ? document.querySelectorAll("body *") : []) {
    const style = getComputedStyle(one);
    const picture = one.matches("img, svg, canvas, video, iframe, object, embed, progress, meter");
    if (picture || !clear(style.backgroundColor) || style.backgroundImage !== "none") {
      const box = one.getBoundingClientRect();
      if (box.width && box.height && style.visibility === "visible") painted.push([one, box]);
    }
  }
  const inline = one => /^inline(?!-block)|^contents/.test(getComputedStyle(one).display);
  const length = one => one.textContent.replace(/\\s+/g, "").length;
  const LINKS = "a[href], [role=link]";
  const told = link => {
    if (getComputedStyle(link).textDecorationLine.includes("underline") || !inline(link)) return true;
    let block = link.parentElement;
    while (inline(block)) block = block.parentElement;
    return length(block) === [...block.querySelectorAll(LINKS)].reduce((sum, one) => sum + length(one), 0);
  };
  const unasked = one => one.matches("[type=checkbox], [type=radio], [type=range], [type=color]")
    || one.closest(":disabled, [aria-disabled=true]") || Boolean(one.control?.disabled);
  const plain = one => {
    const style = getComputedStyle(one);
    const link = one.closest(LINKS);
    if (link && !told(link)) return false;
    if (unasked(one)) return true;
    if (style.textShadow !== "none" || style.webkitTextFillColor !== style.color) return false;
    const text = channels(style.color);
    let box = one.getBoundingClientRect();
    if (!one.matches("input, select, textarea")) {
      const range = document.createRange();
      range.selectNodeContents(one);
      box = range.getBoundingClientRect();
    }
    const grounds = [];
    for (let at = one, ground = null; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.clipPath === "inset(50%)" && style.position === "absolute") return true;
      if (style.opacity !== "1" || style.filter !== "none" || style.mixBlendMode !== "normal") return false;
      if (style.backdropFilter !== "none" || style.maskImage !== "none" || style.clipPath !== "none") return false;
      if (ground) continue;
      if (style.backgroundImage !== "none") return true;
      const colour = channels(style.backgroundColor);
      if (!colour) return false;
      if (!colour[3]) continue;
      const own = at.getBoundingClientRect();
      if (at !== document.body && at !== document.documentElement && (box.left < own.left - 1
        || box.right > own.right + 1 || box.top < own.top - 1 || box.bottom > own.bottom + 1)) return false;
      grounds.push(colour);
      if (colour[3] === 1) ground = at;
    }
    if (!text || grounds.at(-1)?.[3] !== 1) return false;
    if (painted.some(([at, its]) => cuts(box, its) && !at.contains(one) && !one.contains(at))) return false;
    const ground = grounds.reduceRight((low, high) => over(high, low));
    return contrast(over(text, ground), ground) >= ENOUGH;
  };
  return marks.filter(mark => !plain(window.alike.get(mark)));
}"""
_CHOOSE = "marks => { window.unlike = [...new Set(marks.flatMap(mark => window.alike.get(mark)))]; }"


def unlike(page: Page) -> list[str]:
    """Marks of what is drawn on this page now as nothing that was fine, and is not plain to read; one element of each
    waits in the page."""
    new = [mark for mark in page.evaluate(MARKS).split() if mark not in fine]
    doubted = page.evaluate(DOUBTED, new) if new else []
    fine.update({*new} - {*doubted})
    return _chosen(page, doubted)


def tight(page: Page) -> list[str]:
    """Marks of how controls lie close on this page now as nothing that was fine; two of each wait in the page."""
    return _chosen(page, page.evaluate(_TIGHT, [CONTROLS, AREAS, LEAST]))


def _chosen(page: Page, marks: list[str]) -> list[str]:
    new = [mark for mark in marks if mark not in fine]
    if new:
        page.evaluate(_CHOOSE, new)
    return new
