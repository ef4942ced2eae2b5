/* A field with a list of lines below it: arrows choose, Enter takes, the list says which line is meant.
   The lines arrive from the server (role=option, each with an id); what taking means is the caller's. */
"use strict";
(() => {
  const { $, $$ } = window.quell;

  /* take(option) is called for the chosen line. Returns { choose, current, options }. */
  function combobox(field, list, take) {
    const options = () => $$("[role=option]", list);
    const current = () => options().find((one) => one.getAttribute("aria-selected") === "true");

    function choose(option) {
      for (const one of options()) one.setAttribute("aria-selected", String(one === option));
      if (option) {
        field.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      } else field.removeAttribute("aria-activedescendant");
    }

    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const all = options();
      const at = all.indexOf(current());
      const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1 }[event.key];
      if (to !== undefined && all.length) {
        choose(all.at(to % all.length));
        event.preventDefault();
      } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && current()) {
        event.preventDefault();
        take(current());
      }
    });
    list.addEventListener("pointermove", (event) => {
      const option = event.target.closest("[role=option]");
      if (option && option !== current()) choose(option);
    });
    return { choose, current, options };
  }

  /* A picker: the chosen line's value goes into the field, by Enter, by leaving with Tab, or by a click. */
  function picker(box) {
    const field = $("[role=combobox]", box);
    const list = $("[role=listbox]", box);
    if (!field || !list || box.dataset.wired) return;
    box.dataset.wired = "1";
    const shut = () => { list.replaceChildren(); field.setAttribute("aria-expanded", "false"); };
    function take(option) {
      field.value = option.dataset.value;
      shut();
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    const made = combobox(field, list, take);
    field.addEventListener("keydown", (event) => {
      if (event.key === "Tab" && !event.shiftKey && made.current()) take(made.current());
      if (event.key === "Escape" && list.childElementCount) { shut(); event.stopPropagation(); event.preventDefault(); }
      if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.defaultPrevented) event.preventDefault();
    });
    list.addEventListener("pointerdown", (event) => {
      const option = event.target.closest("[role=option]");
      if (!option) return;
      event.preventDefault();
      take(option);
    });
    field.addEventListener("blur", () => setTimeout(shut, 150));
    list.addEventListener("htmx:after:swap", () => {
      field.setAttribute("aria-expanded", String(list.childElementCount > 0));
      made.choose(made.options()[0] ?? null);
    });
  }

  const wire = () => { for (const box of $$("[data-picker]")) picker(box); };
  document.addEventListener("htmx:after:swap", wire);
  wire();
  window.quell.combobox = combobox;
})();
