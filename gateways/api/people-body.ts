import type { z } from "zod";

import { Fault, tryShape } from "../../schemas/ground/index.ts";
import type { PeopleService, Visit } from "../people/index.ts";
import type { Call, Desk } from "./call.ts";
import { readJsonBody } from "./read-body.ts";

const maxViolations = 20;

/**
 * The body of a request in the shape it must have.
 *
 * @throws {Fault} REQUEST_INVALID with every wrong field, and what reading JSON throws
 */
export async function readShape<T>(shape: z.ZodType<T>, request: Request): Promise<T> {
  const tried = tryShape(shape, await readJsonBody(request));
  if (tried.success) return tried.data;
  const violations = tried.error.issues.slice(0, maxViolations).map(({ path, message }) => ({
    path: path.map((piece) => `/${String(piece).replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""),
    code: "REQUEST_INVALID" as const,
    message: message.slice(0, 200),
  }));
  throw new Fault("REQUEST_INVALID", "a field is not as it must be", { violations });
} // prettier-ignore

/** The people of this gateway. @throws {Fault} NOT_FOUND where there are none */
export function peopleOf({ services }: Desk): PeopleService {
  if (services?.people !== undefined) return services.people;
  throw new Fault("NOT_FOUND", "this gateway lets in the owner of its token alone");
}

/** What this room knows a call by. */
export function visitOf({ request, peer }: Call): Visit {
  return { request, peer };
}
