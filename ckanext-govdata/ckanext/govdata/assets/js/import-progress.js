/* Watches an import that is running and shows the page anew when it is done. */
(function () {
  "use strict";
  const box = document.querySelector("[data-import-state]");
  if (!box) {
    return;
  }
  const count = box.querySelector("[data-import-done]");
  const ask = async function () {
    try {
      const answer = await fetch(box.dataset.importState, { credentials: "same-origin" });
      const found = await answer.json();
      if (!found.running) {
        window.location.reload();
        return;
      }
      count.textContent = found.done;
    } catch (error) {
      /* The next question may be answered. */
    }
    window.setTimeout(ask, 1000);
  };
  window.setTimeout(ask, 700);
})();
