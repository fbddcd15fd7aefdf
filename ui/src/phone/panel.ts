/** What is open in place of a contact's tiles. */
export interface Panel {
  contact: string;
  /** The wire name of the button that opened it; the panel goes when the button does. */
  kind: "numberpad" | "consult";
}
