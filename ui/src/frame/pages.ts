import type { LucideIcon } from "@lucide/svelte";
import Grid from "@lucide/svelte/icons/grid-3x3";
import History from "@lucide/svelte/icons/history";
import Phone from "@lucide/svelte/icons/phone";
import Settings from "@lucide/svelte/icons/settings";

export type Page = "phone" | "dial" | "recent" | "settings";

export const PAGES: { page: Page; label: string; icon: LucideIcon }[] = [
  { page: "phone", label: "Phone", icon: Phone },
  { page: "dial", label: "Dial", icon: Grid },
  { page: "recent", label: "Recent", icon: History },
  { page: "settings", label: "Settings", icon: Settings },
];
