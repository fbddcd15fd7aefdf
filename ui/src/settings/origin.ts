/** Whether this is a web origin exactly as browsers write it, e.g. `https://crm.example.com`. */
export function isOrigin(typed: string): boolean {
  return /^https?:/.test(typed) && URL.canParse(typed) && new URL(typed).origin === typed;
}
