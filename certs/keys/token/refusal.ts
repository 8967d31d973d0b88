/** The name the standard gives a refusal, such as `CKR_PIN_LOCKED`; undefined for what is no refusal of a library. */
export function findRefusal(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return /^CKR_[A-Z0-9_]{1,60}/.exec(error.message.slice(0, 80))?.[0];
}
