import type { components } from "../../../client/api-types.ts";

/** A no of the gateway, RFC 9457; its title is in the language of the page. */
export type Problem = components["schemas"]["Problem"];

function isProblem(value: unknown): value is Problem {
  if (typeof value !== "object" || value === null) return false;
  return "code" in value && typeof value.code === "string" && "retry" in value && "title" in value;
}

/** What is thrown when the gateway says no; `problem` is missing where nothing that answers is a gateway. */
export class Refusal extends Error {
  readonly status: number;
  readonly problem: Problem | undefined;

  constructor(status: number, problem: Problem | undefined) {
    super(problem?.code ?? "GATEWAY_UNREACHABLE");
    this.name = "Refusal";
    this.status = status;
    this.problem = problem;
  }
}

/** The refusal of an answer that is no success. */
export async function readRefusal(response: Response): Promise<Refusal> {
  try {
    const value: unknown = await response.json();
    return new Refusal(response.status, isProblem(value) ? value : undefined);
  } catch {
    return new Refusal(response.status, undefined);
  }
}

/** The code of whatever was thrown: the gateway's own, or that it was not reached. */
export function codeOf(error: unknown): string {
  return error instanceof Refusal ? error.message : "GATEWAY_UNREACHABLE";
}
