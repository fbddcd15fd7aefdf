import type { QuickConnectView } from "../types/QuickConnectView";
import type { Target } from "../types/Target";

/** The quick connects whose name or number contains what was typed. */
export function matching(quickConnects: QuickConnectView[], typed: string): QuickConnectView[] {
  const wanted = typed.trim().toLocaleLowerCase();
  return quickConnects.filter(
    ({ name, number }) =>
      name.toLocaleLowerCase().includes(wanted) || (number?.includes(wanted) ?? false),
  );
}

/** Where a call goes for what was typed: a number, or the only quick connect that is left. */
export function targetOf(quickConnects: QuickConnectView[], typed: string): Target | null {
  const number = typed.trim();
  if (number === "") return null;
  if (/^[^\p{L}]*\d[^\p{L}]*$/u.test(number)) return { to: "number", number };
  const [only, ...rest] = matching(quickConnects, number);
  return only !== undefined && rest.length === 0 ? { to: "quickConnect", id: only.id } : null;
}
