import type { Time } from "../types/Time";

/** A duration in milliseconds as `m:ss`, from an hour on as `h:mm:ss`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const tail = two(seconds % 60);
  if (minutes < 60) return `${minutes}:${tail}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${tail}`;
}

/** The time of day with seconds, as the person's system writes it. */
export function timeOfDay(at: Time): string {
  return new Intl.DateTimeFormat(undefined, { timeStyle: "medium" }).format(at);
}

/** When something was: the time of day, and the date if it was not today. */
export function moment(at: Time, now: Time): string {
  const today = new Date(at).toDateString() === new Date(now).toDateString();
  return new Intl.DateTimeFormat(undefined, {
    timeStyle: "short",
    dateStyle: today ? undefined : "short",
  }).format(at);
}
