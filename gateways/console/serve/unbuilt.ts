import { policy } from "./policy.ts";

const page = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Atumpan</title>
<h1>The console was not built here</h1>
<p>This gateway works; its pages were left out. Run <code>npm run console</code> in its folder and start it again.</p>
<p>The interface for programs is described at <a href="/docs">/docs</a>.</p>
</html>
`;

/** The page in the place of all others where none was made. */
export function renderUnbuilt(): Response {
  const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" };
  return new Response(page, { status: 503, headers: { ...headers, ...policy } });
}
