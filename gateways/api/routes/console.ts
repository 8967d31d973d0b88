import { Fault } from "../../../schemas/ground/index.ts";
import type { Handler } from "../call.ts";
import type { Route } from "../route.ts";

/** The page itself, or one file of it. */
const getConsole: Handler = ({ services }, { params, request }) => {
  const encodings = request.headers.get("accept-encoding");
  const found = services?.console?.find(params["file"] ?? "", encodings);
  if (found === undefined) throw new Fault("NOT_FOUND", "the console has no such file");
  return found;
};

/** Pages are the same for everybody, and hold nobody's data: that comes by the routes below. */
const open = { open: true, for: [], whileLocked: true } as const;

/** The console's own files. */
export const consoleRoutes: readonly Route[] = [
  { method: "GET", path: "/console/", ...open, summary: "the console: the pages officers work in", answers: { 200: { says: "the page", types: ["text/html"] } }, handle: getConsole },
  { method: "GET", path: "/console/:file", ...open, summary: "a file of the console", answers: { 200: { says: "the file", types: ["text/javascript", "text/css", "application/json"] } }, handle: getConsole },
]; // prettier-ignore
