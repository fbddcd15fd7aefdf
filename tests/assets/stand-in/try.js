// Asks for what a page in the panel's window must not get, and tells what came of it.
for (const command of ["panel_says", "dispatch", "current_view", "change_settings"]) {
  const tell = (outcome) => fetch("/tried", { method: "POST", body: `${command}: ${outcome}` });
  window.__TAURI_INTERNALS__?.invoke(command, { said: {} }).then(
    () => tell("done"),
    (error) => tell(error),
  );
}
