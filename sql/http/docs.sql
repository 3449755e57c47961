-- GET /docs: a page that reads /openapi.json. It loads nothing else, and runs no other script than
-- its own.

CREATE FUNCTION http.docs_style() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT $css$
:root { color-scheme: light dark; --line: #8884; --soft: #8882; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
input { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; margin: .5rem 0; }
h2 { margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line); }
details { border-bottom: 1px solid var(--line); }
summary { cursor: pointer; padding: .4rem 0; }
details > div { padding: 0 0 1rem 1.2rem; }
code { font: .9em ui-monospace, monospace; }
pre { background: var(--soft); padding: .6rem; overflow: auto; margin: .3rem 0; }
b.method { display: inline-block; width: 5rem; font: bold .85em ui-monospace, monospace; }
small, s { opacity: .75; }
$css$;
$function$;
COMMENT ON FUNCTION http.docs_style() IS 'The style sheet of the page at /docs.';

CREATE FUNCTION http.docs_script() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT $js$
'use strict';
const element = (name, text, ...children) => {
  const node = document.createElement(name);
  if (text) node.textContent = text;
  node.append(...children);
  return node;
};
const json = value => element('pre', '', element('code', JSON.stringify(value, null, 2)));
const content = (title, body) => {
  const parts = [element('h4', title)];
  const media = Object.values(body)[0];
  parts.push(element('small', 'schema'), json(media.schema));
  for (const [name, example] of Object.entries(media.examples || {}))
    parts.push(element('small', name), json(example.value));
  return parts;
};
const operation = (method, path, op) => {
  const name = element(op.deprecated ? 's' : 'code', path);
  const verb = element('b', method.toUpperCase());
  verb.className = 'method';
  const inside = element('div');
  if (op.description) inside.append(element('p', op.description));
  const open = op.security.length === 0;
  inside.append(element('p', open ? 'Needs no session.' : 'Takes a session token.'));
  for (const p of op.parameters)
    inside.append(element('p', '', element('code', p.name),
      ' in ' + p.in + (p.required ? ', required: ' : ': '),
      element('code', JSON.stringify(p.schema))));
  if (op.requestBody) inside.append(...content('Request', op.requestBody.content));
  for (const [status, response] of Object.entries(op.responses))
    inside.append(...content('Response ' + status + ': ' + response.description, response.content));
  const node = element('details', '', element('summary', '', verb, name, ' ',
    element('small', op.summary)), inside);
  node.dataset.words = [method, path, op.operationId, op.summary].join(' ').toLowerCase();
  return node;
};
const show = api => {
  const main = document.querySelector('main');
  main.replaceChildren();
  for (const tag of api.tags) {
    const section = element('section', '', element('h2', tag.name));
    for (const [path, operations] of Object.entries(api.paths))
      for (const [method, op] of Object.entries(operations))
        if (op.tags.includes(tag.name)) section.append(operation(method, path, op));
    main.append(section);
  }
};
document.querySelector('input').addEventListener('input', event => {
  const word = event.target.value.toLowerCase();
  for (const node of document.querySelectorAll('details'))
    node.hidden = !node.dataset.words.includes(word);
});
fetch('openapi.json').then(answer => answer.json()).then(show)
  .catch(error => { document.querySelector('main').textContent = String(error); });
$js$;
$function$;
COMMENT ON FUNCTION http.docs_script() IS 'The script of the page at /docs.';

CREATE FUNCTION http.docs(p_request http.request) RETURNS http.response
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_style text := http.docs_style();
    v_script text := http.docs_script();
    v_style_hash text := encode(sha256(convert_to(v_style, 'UTF8')), 'base64');
    v_script_hash text := encode(sha256(convert_to(v_script, 'UTF8')), 'base64');
BEGIN
    RETURN ROW(
        200, 200,
        concat(
            E'Content-Type: text/html; charset=utf-8\n',
            format('Content-Security-Policy: default-src ''none''; connect-src ''self''; '
                   'style-src ''sha256-%s''; script-src ''sha256-%s''; base-uri ''none''; '
                   'form-action ''none''; frame-ancestors ''none''', v_style_hash, v_script_hash),
            E'\n'),
        concat(
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width"><title>Rapport API</title>',
            '<style>', v_style, '</style></head><body><h1>Rapport API</h1>',
            '<p>Made from <a href="openapi.json">openapi.json</a> (OpenAPI 3.1).</p>',
            '<input type="search" placeholder="Filter by path or word" aria-label="Filter">',
            '<main>Loading…</main><script>', v_script, '</script></body></html>', E'\n'),
        NULL, NULL)::http.response;
END
$function$;
COMMENT ON FUNCTION http.docs(http.request) IS
    'GET /docs: a page over /openapi.json, complete in itself.';

SELECT http.define_route(
    'GET', '/docs', 'http.docs',
    p_credential => 'none',
    p_summary => 'Read this description as a page',
    p_response => '{"type": "string"}',
    p_media_types => '{text/html}');
