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

// One box ticks all of a name, and shows whether all of them are.
for (const all of document.querySelectorAll("input[data-ticks]")) {
  const each = [...all.form.querySelectorAll(`[name="${all.dataset.ticks}"]`)];
  all.disabled = !each.length;
  all.addEventListener("change", () => each.forEach((box) => (box.checked = all.checked)));
  all.form.addEventListener("change", () => (all.checked = each.length > 0 && each.every((box) => box.checked)));
}

// A form is sent once: a second click while the answer is on its way would record, mail or bill twice. Where the answer
// is a file the page stays, and so does its form.
const WAITS = 8000; // milliseconds
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, WAITS);
});
window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => delete form.dataset.sent));

document.querySelector("button[data-prints]")?.addEventListener("click", () => window.print());

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

// A select over a long list: typed words find what is looked for, and the server knows where (smmware/core/pickers.py).
const element = (tag, className, words) => Object.assign(document.createElement(tag), { className, textContent: words });
function pick(select) {
  const none = select.dataset.pickerNone && { value: "", text: select.dataset.pickerNone };
  let asked = 0;
  let failed = false;
  const more = element("p", "picker-more", "There are more: type another word.");
  more.setAttribute("role", "status");
  more.hidden = true;
  const said = () => (failed ? "The list cannot be read: open this page again." : "Nothing has all of these words.");
  const picker = new TomSelect(select, {
    valueField: "value",
    labelField: "text",
    searchField: [],
    score: () => () => 1, // the server has found what is there
    maxOptions: null,
    hideSelected: true,
    hidePlaceholder: false,
    allowEmptyOption: true,
    openOnFocus: false,
    loadThrottle: 200,
    shouldLoad: () => true,
    load(typed, done) {
      const mine = ++asked;
      fetch(`${select.dataset.picker}?q=${encodeURIComponent(typed)}`, { headers: { Accept: "application/json" } })
        .then((answer) => answer.json())
        .then((found) => {
          if (mine !== asked) return done();
          failed = false;
          more.hidden = !found.more;
          this.clearOptions();
          done(none && !typed ? [none, ...found.records] : found.records);
        })
        .catch(() => {
          failed = true;
          done();
        });
    },
    render: {
      no_results: () => element("div", "no-results", said()),
      loading: () => element("div", "no-results", "Looking …"),
    },
  });
  const input = picker.control_input;
  // What is chosen stands behind what is typed: one types over it, and need not delete it first.
  const showChosen = () => {
    picker.settings.placeholder = picker.getItem(picker.items[0])?.textContent ?? "";
    input.placeholder = picker.settings.placeholder;
  };
  const show = () => {
    picker.open();
    if (!picker.inputValue()) picker.load("");
  };
  picker.on("item_add", showChosen);
  picker.on("item_remove", showChosen);
  showChosen();
  picker.control.addEventListener("click", show);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && !picker.isOpen) show();
  });
  picker.dropdown.append(more);
  select.setAttribute("aria-hidden", "true"); // the field to type into speaks for it
  for (const name of ["aria-describedby", "aria-invalid", "autofocus"]) {
    if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  }
  if (select.autofocus) input.focus();
}
const pickAll = (root) => root.querySelectorAll("select[data-picker]:not(.tomselected)").forEach(pick);
pickAll(document);
document.addEventListener("htmx:load", (event) => pickAll(event.target));
