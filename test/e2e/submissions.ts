import { readFileSync } from "node:fs";
import { join } from "node:path";

const examples = join(import.meta.dirname, "../../deploy/local/examples");

function load(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(examples, file), "utf8")) as Record<string, unknown>;
}

/** The sealed alert that the README sends from Lagos. */
export const alertSubmission = load("lagos-alert.json");
/** The open bulletin of a new region. */
export const bulletinSubmission = load("red-flag.json");
/** The request that one financial intelligence unit sends to another. */
export const requestSubmission = load("fiu-request.json");
/** Its answer, but for the id of the request. */
export const replySubmission = load("fiu-reply.json");
