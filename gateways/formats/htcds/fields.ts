import { descriptors } from "../../../schemas/index.ts";

/** One field as its schema declares it. */
export type Field = (typeof descriptors)[string]["fields"][number];

/** The fields of one of our messages. */
export function fieldsOf(message: string): readonly Field[] {
  return descriptors[message]?.fields ?? [];
}

/** Whether a message holds fields of the standard, itself or inside. */
export function holdsHtcds(message: string | undefined): boolean {
  if (message === undefined || message === "Person") return false;
  return fieldsOf(message).some(
    ({ htcds, message: held }) => htcds !== undefined || holdsHtcds(held),
  );
}

/** The standard's names of all fields in a message, at any depth. */
export function namesIn(message: string): readonly string[] {
  return fieldsOf(message).flatMap(({ htcds, message: held }) => {
    if (htcds !== undefined) return [htcds];
    return held !== undefined && holdsHtcds(held) ? namesIn(held) : [];
  });
}
