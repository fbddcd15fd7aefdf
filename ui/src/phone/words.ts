import type { ContactKind } from "../types/ContactKind";
import type { ContactView } from "../types/ContactView";
import type { LegView } from "../types/LegView";
import type { Phase } from "../types/Phase";

export const PHASE: Record<Phase, string> = {
  ringing: "Incoming call",
  dialing: "Calling",
  talking: "Connected",
  onHold: "On hold",
  consulting: "Consulting",
  conference: "Conference",
  wrapUp: "Wrap-up",
  missed: "Missed call",
  rejected: "Rejected call",
  ended: "Call ended",
};

/** What is said of a contact that is not a plain call. */
export const KIND: Record<ContactKind, string | null> = {
  voice: null,
  queuedCallback: "Callback",
  monitoring: "Monitoring",
};

/** What the other party is called: the name, or else the number as sent. */
export function who(party: { name: string | null; number: string | null }): string {
  return party.name ?? party.number ?? "Unknown number";
}

/** What a leg is called. */
export function legName(leg: LegView, contact: ContactView): string {
  if (leg.name !== null) return leg.name;
  if (leg.customer) return contact.name ?? leg.number ?? contact.number ?? "Customer";
  return leg.number ?? "Third party";
}

/** What a leg is doing. */
export function legState(leg: LegView, phase: Phase): string {
  switch (leg.state) {
    case "connecting":
      return "calling";
    case "connected":
      return phase === "conference" ? "in conference" : "talking to you";
    case "onHold":
      return "on hold";
    case "ended":
      return "has left";
  }
}

/** The sentence that a screen reader says when a contact comes into its phase. */
export function announcement(contact: ContactView): string {
  const kind = KIND[contact.kind];
  return kind === null ? phaseReached(contact) : `${kind}: ${phaseReached(contact)}`;
}

function phaseReached(contact: ContactView): string {
  const name = who(contact);
  switch (contact.phase) {
    case "ringing":
      return `Incoming call from ${name}`;
    case "dialing":
      return `Calling ${name}`;
    case "talking":
      return `Connected with ${name}`;
    case "onHold":
      return `${name} is on hold`;
    case "consulting":
      return "Consulting";
    case "conference":
      return "Conference";
    case "wrapUp":
      return "Call ended, wrap-up";
    case "missed":
      return `Missed call from ${name}`;
    case "rejected":
      return `Rejected call from ${name}`;
    case "ended":
      return "Call ended";
  }
}
