/** More than any message of ours speaks of; each costs a run of its rules. */
const maxSenders = 60;

const agencyName = /^[a-z]{2,12}\/[a-z0-9-]{1,40}$/;
/** A country, or an authority that is none. */
const stateName = /^(?:[A-Za-z]{2}|[a-z]{3,12})$/;

function* textsIn(json: unknown): Generator<string> {
  if (typeof json === "string") yield json;
  else if (typeof json === "object" && json !== null) {
    for (const value of Object.values(json)) yield* textsIn(value);
  }
}

function senderOf(text: string): string | undefined {
  if (text.length > 60) return undefined;
  if (agencyName.test(text)) return text;
  return stateName.test(text) ? `${text.toLowerCase()}/x` : undefined;
}

/**
 * Who might send a message, by what its body speaks of: the agencies it names, somebody of each country, and somebody
 * it does not speak of. What is refused whoever of them sends it is wrong; what only some may say is for the gateway,
 * which knows who sends. None when there are too many to try.
 */
export function possibleSenders(body: unknown): readonly string[] {
  const found = new Set([""]);
  for (const text of textsIn(body)) {
    const sender = senderOf(text);
    if (sender !== undefined) found.add(sender);
    if (found.size > maxSenders) return [];
  }
  return [...found];
}
