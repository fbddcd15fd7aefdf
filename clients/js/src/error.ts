/** The client's own codes, and those of the hub about this page, each with words for the person. */
const SENTENCES = {
  INSECURE_PAGE:
    'This page was not loaded over https, so the browser lets it reach no app on this device.',
  PERMISSION_DENIED:
    'The browser does not let this page reach apps on this device. Allow it in the settings of the site, beside its address, and connect again.',
  PERMISSION_DENIED_IN_FRAME:
    'The browser does not let this part of the page reach apps on this device. Allow it in the settings of the site, beside its address; and the frame needs allow="loopback-network; local-network-access".',
  PERMISSION_NOT_GIVEN:
    'The browser needs a Yes before this page may reach apps on this device. Connect again, and choose Allow when it asks.',
  FORBIDDEN_BY_PAGE:
    'The page forbids itself to reach Offhook: its Content-Security-Policy lacks ws://127.0.0.1 with the ports of Offhook under connect-src.',
  BROWSER_REFUSED: 'The browser lacks what this page needs to reach Offhook, or keeps it from the page.',
  UNREACHABLE:
    'Offhook is not running on this computer, or it lets no page of this site join.',
  NOT_PAIRED: 'This page has not been connected with Offhook yet.',
  SEVERAL_PHONES:
    'Offhook runs for several people on this computer. Choose the port that yours shows under Connected apps.',
  NOT_GENUINE: 'What answered is not the Offhook that this page was connected with.',
  REVOKED: 'This page was taken off the connected apps in Offhook. Connect again to ask.',
  PAIRING_REFUSED:
    'You said no in Offhook, or did not answer its question. Wait a minute before you connect again.',
  PAIRING_BUSY: 'Offhook is asking you about another page. Answer that first, then connect again.',
  LOCKED_OUT: 'This page was turned away too often. Wait a minute before you connect again.',
  TOO_MANY_APPS: 'Too many pages and apps are connected with Offhook. Close one of them.',
  ACCESS_DENIED: 'Offhook lets this page see calls, but not control them.',
  CONNECTION_LOST: 'The connection to Offhook was lost.',
  DISCONNECTED: 'The page has disconnected from Offhook.',
  NOT_CONNECTED: 'The page is not connected with Offhook.',
  NOT_POSSIBLE: 'That is not possible now.',
  CALL_GONE: 'The call is gone.',
  TIMED_OUT: 'The contact centre did not do it in time.',
} as const;

/** A code whose words are the client's. */
export type Code = keyof typeof SENTENCES;

/** Why something was refused or failed. Its message is a sentence for the person. */
export class OffhookError extends Error {
  override readonly name = 'OffhookError';
  /** For programs: one of the client's codes, or an `errorType` of the bus or of the hub. */
  readonly code: Code | (string & {});
  /** What the contact centre adds in its own words. The `cause` is for developers. */
  readonly detail: string | undefined;

  constructor(code: string, message: string, detail?: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.detail = detail;
  }
}

/** An error in the client's words. */
export function because(code: Code, cause?: unknown): OffhookError {
  return new OffhookError(code, SENTENCES[code], undefined, { cause });
}

/** An error that the hub told, in the client's words where it has any. */
export function told(code: string, message: string, detail: string | undefined): OffhookError {
  return isCode(code) ? because(code, detail) : new OffhookError(code, message, detail);
}

function isCode(code: string): code is Code {
  return Object.hasOwn(SENTENCES, code);
}
