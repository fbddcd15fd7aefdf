import type { LucideIcon } from "@lucide/svelte";
import Grid from "@lucide/svelte/icons/grid-3x3";
import History from "@lucide/svelte/icons/history";
import Phone from "@lucide/svelte/icons/phone";
import Settings from "@lucide/svelte/icons/settings";

/** All pages; the connected apps are reached from the settings. */
export const PAGES = ["phone", "dial", "recent", "settings", "apps"] as const;
export type Page = (typeof PAGES)[number];

/** The pages that are always one click away. */
type Tab = Exclude<Page, "apps">;

export const TABS: { page: Tab; label: string; icon: LucideIcon }[] = [
  { page: "phone", label: "Phone", icon: Phone },
  { page: "dial", label: "Dial", icon: Grid },
  { page: "recent", label: "Recent", icon: History },
  { page: "settings", label: "Settings", icon: Settings },
];

/** The tab that leads to the page. */
export function tabOf(page: Page): Tab {
  return page === "apps" ? "settings" : page;
}
