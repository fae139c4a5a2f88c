// Sets light or dark before the first paint: the stored choice, else what the system prefers.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    let stored = null;
    try { stored = localStorage.getItem("theme"); } catch { /* storage may be off */ }
    document.documentElement.dataset.theme = stored ?? (dark.matches ? "dark" : "light");
    dispatchEvent(new Event("themechange"));
  };
  window.toggleTheme = () => {
    const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    try { localStorage.setItem("theme", next); } catch { /* then it lasts for this page */ }
    document.documentElement.dataset.theme = next;
    dispatchEvent(new Event("themechange"));
  };
  dark.addEventListener("change", apply);
  apply();
  addEventListener("DOMContentLoaded", () => {
    document.querySelector("#theme")?.addEventListener("click", window.toggleTheme);
  });
})();
