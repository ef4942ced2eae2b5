/* Narrows what stands on the page while one types: [data-filter] names the place, [data-find] holds the words.
   Without this file the same field asks the server. What is hidden keeps what was typed into it. */
"use strict";
(() => {
  const { $, $$, announce, word } = window.quell;
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  function narrow(field) {
    const place = $(field.dataset.filter);
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    let count = 0;
    for (const one of $$("[data-find]", place)) {
      const text = plain(one.dataset.find);
      one.hidden = !words.every((part) => text.includes(part));
      if (!one.hidden) count += 1;
    }
    for (const group of $$("[data-found-group]", place)) group.hidden = !$("[data-find]:not([hidden])", group);
    for (const none of $$("[data-found-none]", place)) none.hidden = count > 0;
    return count;
  }

  let wait = 0;
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-filter]")) return;
    const count = narrow(event.target);
    clearTimeout(wait);
    wait = setTimeout(() => announce(word("found", { n: count })), 500);
  });
  document.addEventListener("submit", (event) => {
    const field = $("[data-filter]", event.target);
    if (field) { event.preventDefault(); narrow(field); }
  });
  /* A link from elsewhere names one setting: put the cursor into it. */
  const named = location.hash.startsWith("#id_") && document.getElementById(location.hash.slice(1));
  if (named) { named.focus(); named.scrollIntoView({ block: "center" }); }
})();
