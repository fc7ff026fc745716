/**
 * Behaviour of the shell that HTML alone cannot do: the theme button, questions before a step that cannot be
 * undone, files dropped on the upload field. Everything works without this file, only less smoothly.
 */
const root = document.documentElement;

/** What the reader sees now, whatever decided it. */
const isDark = () =>
  root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;

/** Apply a theme at once; "auto" follows the system. */
function show(theme) {
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
  document.querySelectorAll("[data-theme-choice]").forEach((button) => {
    button.setAttribute("aria-pressed", String(button.value === theme));
  });
}

/** Store the choice for the user; the page stays where it is. */
function store(form, theme) {
  const body = new FormData(form);
  body.set("theme", theme);
  return fetch(form.action, { method: "POST", body, redirect: "manual" });
}

document.addEventListener("submit", (event) => {
  const form = event.target, button = event.submitter;
  if (form.matches("[data-theme-form]")) {
    event.preventDefault();
    const theme = button?.hasAttribute("data-theme-toggle") ? (isDark() ? "light" : "dark") : button.value;
    show(theme);
    store(form, theme);
    return;
  }
  // A button that starts long work is pressed once.
  if (button?.hasAttribute("data-once")) {
    setTimeout(() => { button.disabled = true; button.setAttribute("aria-busy", "true"); });
  }
});

/* Dialogs: <button data-opens="id"> opens <dialog id>; a button with data-closes closes the dialog around it. */
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
});

/* "/" goes to the search field, as in most tools with one. */
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const field = document.querySelector(".search input");
  if (field) { event.preventDefault(); field.focus(); }
});

/* Upload field: the chosen file's name and size stand in the field; a file may be dropped on it. */
function describe(zone) {
  const file = zone.querySelector("input[type=file]").files[0], place = zone.querySelector("[data-file-name]");
  if (!file || !place) return;
  const megabytes = file.size / 1048576;
  place.textContent = `${file.name} · ${megabytes < 1 ? `${Math.max(1, Math.round(file.size / 1024))} KB` : `${megabytes.toFixed(1)} MB`}`;
  zone.dataset.filled = "";
}
document.addEventListener("change", (event) => {
  const zone = event.target.closest("[data-dropzone]");
  if (zone) describe(zone);
});
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const zone = event.target.closest?.("[data-dropzone]");
    if (!zone) return;
    event.preventDefault();
    zone.toggleAttribute("data-over", kind === "dragover");
    if (kind === "drop" && event.dataTransfer.files.length) {
      zone.querySelector("input[type=file]").files = event.dataTransfer.files;
      describe(zone);
    }
  });
}

/* A long sidebar shows the section one is in. */
document.querySelector(".sidebar [aria-current]")?.scrollIntoView({ block: "nearest" });
