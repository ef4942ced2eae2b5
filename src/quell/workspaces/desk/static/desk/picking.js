/* Finding in a long choice of a dialog: what is typed leaves the lines that contain it, and chooses the first (names that
   begin with it before others); arrows go on from there, Enter sends the form. Without it the choice is an ordinary
   select. */
"use strict";
(() => {
  const choiceOf = (input) => input.matches?.("[data-finds]") && document.getElementById(input.dataset.finds);

  document.addEventListener("input", (event) => {
    const select = choiceOf(event.target);
    if (!select) return;
    const wanted = event.target.value.trim().toLowerCase();
    const left = [];
    for (const one of select.options) {
      const fits = Boolean(one.value) && one.text.toLowerCase().includes(wanted);
      one.hidden = Boolean(wanted) && !fits;
      if (fits && wanted) left.push(one);
    }
    // Who begins with what was typed goes before who only contains it.
    const first = left.find((one) => one.text.toLowerCase().startsWith(wanted)) ?? left[0];
    select.value = first ? first.value : [...select.options].find((one) => one.defaultSelected)?.value ?? "";
  });
  document.addEventListener("keydown", (event) => {
    const select = choiceOf(event.target);
    if (!select || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    const left = [...select.options].filter((one) => !one.hidden);
    const at = left.indexOf(select.selectedOptions[0]) + (event.key === "ArrowDown" ? 1 : -1);
    const to = left[Math.min(left.length - 1, Math.max(0, at))];
    if (to) select.value = to.value;
    event.preventDefault();
  });
})();
