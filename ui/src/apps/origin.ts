/** Whether this is a web origin exactly as browsers write it, e.g. `https://crm.example.com`. */
export function isOrigin(typed: string): boolean {
  // A star means nothing here, though a browser would take it for a host's name.
  if (!/^https?:[^*]+$/.test(typed) || !URL.canParse(typed)) return false;
  return new URL(typed).origin === typed;
}
