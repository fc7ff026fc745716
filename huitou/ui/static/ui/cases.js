/**
 * Keys of the inbox and of a case: j and k go down and up, r begins a reply, u goes back to the list.
 * Enter opens what has the focus, as links do. Everything can be reached without these keys.
 */
const typing = (event) =>
  event.target.closest("input, textarea, select, [contenteditable]") || event.ctrlKey || event.metaKey || event.altKey;

/** Move the focus along the links of the inbox. */
function step(by) {
  const links = [...document.querySelectorAll("[data-cases] a")];
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1);
  links[next].focus();
  links[next].scrollIntoView({ block: "nearest" });
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  r: () => document.querySelector("#reply textarea")?.focus(),
  u: () => document.querySelector("[data-back]")?.click(),
};

document.addEventListener("keydown", (event) => {
  const act = KEYS[event.key];
  if (!act || typing(event)) return;
  event.preventDefault();
  act();
});
