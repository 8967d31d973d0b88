import { Fault, isFault } from "../../../schemas/ground/index.ts";
import { readPrivateFile } from "../private-file.ts";
import { beginAnew, openLibrary, type TokenHandle, type TokenLibrary } from "./driver.ts";
import { findRefusal } from "./refusal.ts";
import type { TokenPlace } from "./place.ts";

/** A token whose owner is logged in. */
export interface TokenSession extends TokenLibrary {
  readonly session: TokenHandle;
}

const maxPinBytes = 256;
/**
 * Of each library the sessions of its tokens, one for all keys of a token. They are dropped together: when one
 * was lost the others may be, and a number that is given again must never lead to another token's keys.
 */
const sessions = new Map<string, Map<string, TokenSession>>();
/** Tokens that refused the PIN: asking again and again would lock them. */
const refused = new Set<string>();

function keyOfToken({ library, token }: TokenPlace): string {
  return `${library}\n${token}`;
}

/** What a refusal of the library means to whoever runs us. The detail names the token, never a PIN. */
function renderRefusal({ token }: TokenPlace, cause: unknown): Fault {
  const refusal = findRefusal(cause);
  switch (refusal) {
    case "CKR_PIN_LOCKED":
      return new Fault(
        "KEY_UNUSABLE",
        `token ${token} is locked after wrong PINs; whoever holds its security officer's PIN unlocks it`,
        { cause },
      );
    case "CKR_PIN_INCORRECT":
    case "CKR_PIN_INVALID":
    case "CKR_PIN_LEN_RANGE":
      return new Fault(
        "KEY_UNUSABLE",
        `token ${token} refuses the PIN; it is not tried again before a restart, lest the token lock`,
        { cause },
      );
    default:
      return new Fault(
        "KEY_TOKEN_AWAY",
        `token ${token} does not answer (${refusal ?? "its library failed"}); see that it is plugged in`,
        { cause },
      );
  }
}

/** The label of a slot's token; undefined when that token fails, which is no failure of the others. */
function findLabel({ calls }: TokenLibrary, slot: TokenHandle): string | undefined {
  try {
    return calls.C_GetTokenInfo(slot).label.replace(/[\0 ]{1,64}$/, "");
  } catch (error) {
    if (findRefusal(error) === undefined) throw error;
    return undefined;
  }
}

function findSlots(library: TokenLibrary, { token }: TokenPlace): readonly TokenHandle[] {
  return library.calls.C_GetSlotList(true).filter((slot) => findLabel(library, slot) === token);
}

/** None as well when the library is at its end: it is begun anew then. */
function findSlotsIfAny(library: TokenLibrary, place: TokenPlace): readonly TokenHandle[] {
  try {
    return findSlots(library, place);
  } catch (error) {
    if (findRefusal(error) === undefined) throw error;
    return [];
  }
}

/** Some libraries look for tokens only when they begin, so one that was plugged in since is looked for anew. */
function findSlotsAnew(library: TokenLibrary, place: TokenPlace): readonly TokenHandle[] {
  const slots = findSlotsIfAny(library, place);
  if (slots.length > 0) return slots;
  sessions.delete(place.library);
  beginAnew(library);
  return findSlots(library, place);
}

function findSlot(library: TokenLibrary, place: TokenPlace): TokenHandle {
  const { token } = place;
  const { calls, numbers } = library;
  const [slot, second] = findSlotsAnew(library, place);
  if (slot === undefined) throw new Fault("KEY_TOKEN_AWAY", `no token ${token} is plugged in`);
  if (second !== undefined)
    throw new Fault("KEY_UNUSABLE", `two tokens are called ${token}; leave one plugged in`);
  const { flags } = calls.C_GetTokenInfo(slot);
  if ((flags & numbers.CKF_USER_PIN_FINAL_TRY) !== 0)
    throw new Fault(
      "KEY_UNUSABLE",
      `token ${token} has one try of its PIN left; log in once by hand, then start again`,
    );
  return slot;
}

function findPin({ pinFile, token }: TokenPlace, pin: string | undefined): string {
  if (pin !== undefined) return pin;
  if (pinFile === undefined)
    throw new Fault("KEY_UNUSABLE", `no PIN for token ${token}: name a file of it with pin-source`);
  const text = readPrivateFile(pinFile, { what: "PIN", maxBytes: maxPinBytes });
  return text.replace(/\r?\n$/, "");
}

function logIn(opened: TokenSession, place: TokenPlace, pin: string): void {
  try {
    opened.calls.C_Login(opened.session, opened.numbers.CKU_USER, pin);
  } catch (error) {
    const refusal = findRefusal(error);
    if (refusal === "CKR_USER_ALREADY_LOGGED_IN") return;
    if (refusal?.startsWith("CKR_PIN_") === true) refused.add(keyOfToken(place));
    throw error;
  }
}

function openSession(place: TokenPlace, pin: string | undefined): TokenSession {
  const library = openLibrary(place.library);
  if (refused.has(keyOfToken(place)))
    throw new Fault(
      "KEY_UNUSABLE",
      `token ${place.token} refused its PIN; mend it and start again`,
    );
  const { numbers, calls } = library;
  const flags = numbers.CKF_SERIAL_SESSION | numbers.CKF_RW_SESSION;
  const secret = findPin(place, pin);
  const session = calls.C_OpenSession(findSlot(library, place), flags);
  const opened = { ...library, session };
  logIn(opened, place, secret);
  return opened;
}

/** What is done with an open token. */
export type TokenAct<T> = (opened: TokenSession) => T;

function attempt<T>(place: TokenPlace, pin: string | undefined, act: TokenAct<T>): T {
  const { library, token } = place;
  const opened = sessions.get(library)?.get(token) ?? openSession(place, pin);
  const held = sessions.get(library) ?? new Map<string, TokenSession>();
  sessions.set(library, held.set(token, opened));
  try {
    return act(opened);
  } catch (error) {
    if (!isFault(error)) sessions.delete(library);
    throw error;
  }
}

/**
 * Does `act` with the token at `place`, logged in. A session that was lost is opened again, once; what is
 * still refused then is told. A PIN is tried once in the life of the process: tries lock tokens.
 *
 * @param pin what was typed in; the file that the place names when left out
 * @throws {Fault} KEY_UNUSABLE, KEY_TOKEN_AWAY
 */
export function useToken<T>(
  { place, pin }: { readonly place: TokenPlace; readonly pin?: string | undefined },
  act: TokenAct<T>,
): T {
  const wasOpen = sessions.get(place.library)?.has(place.token) === true;
  try {
    try {
      return attempt(place, pin, act);
    } catch (error) {
      if (!wasOpen || isFault(error)) throw error;
      return attempt(place, pin, act);
    }
  } catch (error) {
    throw isFault(error) ? error : renderRefusal(place, error);
  }
}

/**
 * Logs out of a token and forgets its sessions: what is done with it next needs its PIN again. Others who use the same
 * library log in anew by themselves.
 */
export function endTokenSessions({ library, token }: TokenPlace): void {
  const opened = sessions.get(library)?.get(token);
  sessions.delete(library);
  if (opened === undefined) return;
  try {
    opened.calls.C_Logout(opened.session);
    opened.calls.C_CloseSession(opened.session);
  } catch (error) {
    // a session that was lost is over already
    if (findRefusal(error) === undefined) throw error;
  }
}
