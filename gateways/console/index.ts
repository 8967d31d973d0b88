/**
 * The console: the pages an officer works in, served by her own gateway.
 *
 * Promises: only files that `npm run console` made are served, by their own names; every page comes with a policy that
 * lets nothing in from elsewhere and no text become code. Trusts the files it finds at the start. The pages themselves
 * (`page/`) stand on the public HTTP API alone and import nothing of the house that runs in Node.
 * Start at `serve/pages.ts` for what is served, at `page/main.tsx` for what runs in the browser, at `build/main.ts` for how one becomes the other.
 */
export { type ConsolePages, openConsole } from "./serve/pages.ts";
