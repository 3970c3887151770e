// "/" goes to the search from anywhere but a field that one types into.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  document.getElementById("search")?.focus();
});
// On a phone the filters stand folded, unless some are in use: then it must be seen that they are.
for (const filters of document.querySelectorAll('details[data-folds="on-a-phone"]')) {
  if (window.matchMedia("(max-width: 800px)").matches) filters.open = false;
}

// A row of a work list that is saved hands the keyboard on to the next one that is still to be done; one that is refused
// leads to what is wrong.
document.addEventListener("htmx:load", (event) => {
  const row = event.target;
  if (!row.matches(".work-row")) return;
  row.querySelector("[aria-invalid]")?.focus();
  if (!row.matches("[data-saved]")) return;
  let next = row.nextElementSibling;
  while (next && !next.querySelector("form")) next = next.nextElementSibling;
  (next?.querySelector("input:not([type=hidden]), select") ?? row.querySelector("a")).focus();
});

// A flat fee's preset fills in what it stands for; all of it can be changed afterwards.
for (const select of document.querySelectorAll("select[data-fills]")) {
  select.addEventListener("change", () => {
    const preset = select.selectedOptions[0].dataset;
    for (const name of select.dataset.fills.split(" ")) {
      const field = select.form.elements[name];
      if (!field || preset[name] === undefined) continue;
      if (field.type === "checkbox") field.checked = preset[name] === "true";
      else field.value = preset[name];
    }
  });
}

// A button that offers a value puts it into its field, as if it had been typed.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-puts]");
  const field = button?.form?.elements[button.dataset.puts];
  if (!field) return;
  field.value = button.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
