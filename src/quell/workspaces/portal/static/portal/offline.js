/* The page without a network: one line is kept on the device and carried into the report form. */
"use strict";
(() => {
  const KEY = "quell-offline-title";
  const form = document.getElementById("jot");
  const title = document.getElementById("title");
  const said = document.getElementById("kept");

  const read = () => { try { return localStorage.getItem(KEY) ?? ""; } catch { return ""; } };
  const keep = (text) => {
    try {
      if (text) localStorage.setItem(KEY, text); else localStorage.removeItem(KEY);
      return true;
    } catch { return false; }
  };

  title.value = read();
  title.addEventListener("input", () => {
    if (keep(title.value)) said.textContent = said.dataset.kept;
  });
  form.addEventListener("submit", (event) => {
    if (title.value.trim()) return; /* to the report form, with the words in its address */
    event.preventDefault();
    location.reload();
  });
  addEventListener("online", () => { if (!title.value.trim()) location.reload(); });
})();
