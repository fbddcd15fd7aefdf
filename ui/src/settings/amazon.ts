import type { SettingsChange } from "../types/SettingsChange";
import type { SettingsView } from "../types/SettingsView";
import type { Way } from "../types/Way";

/** How Amazon Connect is reached, as the form has it. */
export interface AmazonForm {
  instance: string;
  way: Way;
  page: string;
}

/** What the form shows of these settings. */
export function formOf(settings: SettingsView): AmazonForm {
  return {
    instance: settings.amazonInstance.value ?? "",
    way: settings.amazonWay.value,
    page: settings.amazonPage.value ?? "",
  };
}

/** Whether the way goes over a company's page, always or if there is one. */
export function usesPage(way: Way): boolean {
  return way !== "panel";
}

/** Whether nothing is missing that the way needs. */
export function isComplete({ instance, way, page }: AmazonForm): boolean {
  return instance.trim() !== "" && (way !== "page" || page.trim() !== "");
}

/** What has to be saved: only what differs, as what the administrator fixed cannot be. */
export function changeTo(form: AmazonForm, settings: SettingsView): SettingsChange {
  const inForce = formOf(settings);
  const change: SettingsChange = {};
  if (form.instance.trim() !== inForce.instance) change.amazonInstance = form.instance.trim();
  if (form.way !== inForce.way) change.amazonWay = form.way;
  if (usesPage(form.way) && form.page.trim() !== inForce.page) change.amazonPage = form.page.trim();
  return change;
}
