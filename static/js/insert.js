// Puts a reference in where the cursor is: <button type="submit" form="…" data-insert="[[…]]">. Without a script the
// same button sends the form, and the reference comes back at the end of the words.

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-insert]");
  const place = button?.form?.querySelector("textarea");
  if (!place) return;
  event.preventDefault();
  const [from, to] = [place.selectionStart, place.selectionEnd];
  const before = place.value.slice(0, from);
  const after = place.value.slice(to);
  const space = (side, at) => (side && !/[\s(“"]/.test(side.at(at)) && !(at === 0 && /[.,;:)”]/.test(side[0])) ? " " : "");
  place.setRangeText(`${space(before, -1)}${button.dataset.insert}${space(after, 0)}`, from, to, "end");
  place.dispatchEvent(new Event("input", { bubbles: true }));
  place.focus();
  const said = button.form.querySelector("[data-insert-said]");
  if (said) said.textContent = "Put in at the cursor.";
});
