import type { AppView } from "../types/AppView";

/** What an app may do. */
export type Access = AppView["access"];

export const ACCESS: Record<Access, string> = {
  observe: "may see",
  control: "may see and control",
};
