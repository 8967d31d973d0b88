/**
 * The page that judges evidence in a browser: one file, no network, the same questions in the same six languages.
 *
 * Promises: the page asks for nothing outside itself and says so to the browser; its code is certs/court as it stands.
 * Start at `page.ts`.
 */
export { renderCourtPage } from "./page.ts";
