// One tap for the whole group: <button type="button" class="needs-js …" data-pick-all="present">All here</button>
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-pick-all]");
  if (!button) return;
  const form = button.closest("form") ?? document;
  for (const box of form.querySelectorAll(`.pick input[value="${CSS.escape(button.dataset.pickAll)}"]`)) {
    box.checked = true;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
