import type { LucideIcon } from "@lucide/svelte";
import ArrowUpDown from "@lucide/svelte/icons/arrow-up-down";
import Check from "@lucide/svelte/icons/check";
import Grip from "@lucide/svelte/icons/grip";
import Pause from "@lucide/svelte/icons/pause";
import Phone from "@lucide/svelte/icons/phone";
import PhoneForwarded from "@lucide/svelte/icons/phone-forwarded";
import PhoneOff from "@lucide/svelte/icons/phone-off";
import Play from "@lucide/svelte/icons/play";
import UserPlus from "@lucide/svelte/icons/user-plus";
import Users from "@lucide/svelte/icons/users";

import type { ButtonView } from "../types/ButtonView";
import type { ContactView } from "../types/ContactView";

/** How a call button is drawn. */
export interface Drawn {
  label: string;
  /** The label while it is pending. */
  doing: string;
  /** The label on a leg's own row, where it means that leg alone. */
  onLeg?: string;
  /** The label where it means several parties at once. */
  forAll?: string;
  icon: LucideIcon;
  look: "go" | "stop" | "main" | "tile";
  /** What it does, where the label alone leaves a doubt. */
  title?: string;
}

/** The eleven buttons of the protocol by their names on the wire. */
const DRAWN: ReadonlyMap<string, Drawn> = new Map<string, Drawn>([
  ["reject", { label: "Reject", doing: "Rejecting…", icon: PhoneOff, look: "stop" }],
  ["answer", { label: "Answer", doing: "Answering…", icon: Phone, look: "go" }],
  [
    "disconnect",
    {
      label: "Hang up",
      doing: "Hanging up…",
      onLeg: "Drop",
      forAll: "Hang up all",
      icon: PhoneOff,
      look: "stop",
    },
  ],
  [
    "clearContact",
    { label: "Clear and be available", doing: "Clearing…", icon: Check, look: "main" },
  ],
  ["hold", { label: "Hold", doing: "Holding…", icon: Pause, look: "tile" }],
  ["resume", { label: "Resume", doing: "Resuming…", icon: Play, look: "tile" }],
  ["swap", { label: "Swap", doing: "Swapping…", icon: ArrowUpDown, look: "tile" }],
  ["conference", { label: "Conference", doing: "Joining…", icon: Users, look: "tile" }],
  [
    "transfer",
    {
      label: "Transfer",
      doing: "Transferring…",
      icon: PhoneForwarded,
      look: "tile",
      title: "Leave the call and let the others talk on",
    },
  ],
  ["consult", { label: "Consult", doing: "Calling…", icon: UserPlus, look: "tile" }],
  ["numberpad", { label: "Keypad", doing: "Sending…", icon: Grip, look: "tile" }],
]);

const PLACES = [...DRAWN.keys()];

/** How the button is drawn; one with an unknown name is not. */
export function drawn(button: string): Drawn | undefined {
  return DRAWN.get(button);
}

/** Whether the button is one of the big ones at the bottom, rather than a tile. */
export function isBig(button: ButtonView): boolean {
  return DRAWN.get(button.button)?.look !== "tile";
}

/** The known ones among the buttons, in the order in which they are drawn. */
export function inPlace(buttons: ButtonView[]): ButtonView[] {
  return buttons
    .filter(({ button }) => DRAWN.has(button))
    .sort((one, other) => PLACES.indexOf(one.button) - PLACES.indexOf(other.button));
}

/** Whether the legs are shown one by one, because there is more than the one other party. */
export function showsLegs(contact: ContactView): boolean {
  return contact.legs.length > 1;
}

/**
 * Whether hanging up ends the call for several parties. During a consultation it means the one that the
 * agent talks to.
 */
export function isConference(contact: ContactView): boolean {
  return contact.phase === "conference";
}

/**
 * The buttons that are drawn for the contact as a whole. Where legs are shown one by one, what a leg
 * carries stands on its row, where it is plain whom it means; hanging up is always at hand.
 */
export function contactButtons(contact: ContactView): ButtonView[] {
  const onLegs = showsLegs(contact)
    ? new Set(contact.legs.flatMap((leg) => leg.buttons.map(({ button }) => button)))
    : new Set<string>();
  onLegs.delete("disconnect");
  return inPlace(contact.buttons.filter(({ button }) => !onLegs.has(button)));
}
