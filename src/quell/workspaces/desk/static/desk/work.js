/* Tasks are dragged to another place; without this they move by their buttons. */
(() => {
  "use strict";
  let dragged = null;
  const task = (event) => event.target.closest?.("[data-sortable] > [data-task]");

  const ready = () => {
    for (const one of document.querySelectorAll("[data-sortable] > [data-task]:not([draggable])")) one.draggable = true;
  };
  document.addEventListener("dragstart", (event) => {
    dragged = task(event);
    if (!dragged) return;
    dragged.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.id);
  });
  document.addEventListener("dragover", (event) => {
    const over = dragged && task(event);
    if (!over || over.parentElement !== dragged.parentElement) return;
    event.preventDefault();
    for (const one of over.parentElement.children) one.classList.toggle("over-here", one === over && one !== dragged);
  });
  document.addEventListener("dragend", () => {
    for (const one of document.querySelectorAll(".dragged, .over-here")) one.classList.remove("dragged", "over-here");
    dragged = null;
  });
  document.addEventListener("drop", (event) => {
    const over = dragged && task(event);
    if (!over || over === dragged || over.parentElement !== dragged.parentElement) return;
    event.preventDefault();
    const position = [...over.parentElement.children].indexOf(over) + 1;
    const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
    window.htmx.ajax("POST", dragged.dataset.task, {
      target: "#main", swap: "outerMorph", values: { position: String(position), csrfmiddlewaretoken: token },
    });
  });

  new MutationObserver(ready).observe(document.documentElement, { childList: true, subtree: true });
  ready();
})();
