import createClient, { type Client } from "openapi-fetch";

import type { paths } from "../../../client/api-types.ts";
import { isPresent } from "./presence.ts";
import { beginRequest } from "./quiet.ts";
import { noteAnswer, noteSilence } from "./reach.ts";
import { readRefusal } from "./problem.ts";
import { language } from "./words.ts";

/** The form of answers that types are made for. */
type Json = "application/json";

/** What content is read for; undefined where the gateway knows it by itself. */
let purpose: string | undefined;

/** Says from now on what content is read for, a code of PURPOSE. */
export function readFor(code: string | undefined): void {
  purpose = code;
}

async function reach(request: Request): Promise<Response> {
  const end = beginRequest();
  try {
    const response = await fetch(request);
    noteAnswer();
    return response;
  } catch (error) {
    if (!request.signal.aborted) noteSilence();
    throw error;
  } finally {
    end();
  }
}

function makeApi(): Client<paths, Json> {
  const api = createClient<paths, Json>({ baseUrl: location.origin, fetch: reach });
  api.use({
    onRequest: ({ request }) => {
      const { headers } = request;
      headers.set("atumpan-request", "1");
      headers.set("accept-language", language.value);
      if (!isPresent()) headers.set("atumpan-unattended", "1");
      if (purpose !== undefined) headers.set("atumpan-purpose", purpose);
    },
    onResponse: async ({ response }) => {
      if (!response.ok) throw await readRefusal(response);
    },
  });
  return api;
}

/** The gateway's API, every path with its types. What is no success is thrown as a Refusal; what is not answered as the browser throws it. */
export const api: Client<paths, Json> = makeApi();

/** What an answer holds, once its failures were thrown. */
export function had<T>(data: T | undefined): T {
  if (data === undefined) throw new Error("an answer without its content");
  return data;
}
