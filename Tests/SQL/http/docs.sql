BEGIN;
SELECT no_plan();

SELECT (r).headers AS headers, (r).body AS page FROM http.docs(NULL) AS r \gset
SELECT matches(:'headers'::text, E'^Content-Type: text/html; charset=utf-8\nContent-Security-Policy: [^\n]+\n$', 'docs: a page');
SELECT alike(:'headers'::text, '%default-src ''none''%', 'docs: nothing is allowed');
SELECT alike(:'headers'::text,
    '%' || part || '-src ''sha256-' || encode(sha256(convert_to(
        (regexp_match(:'page', format('<%1$s>(.*)</%1$s>', part)))[1], 'UTF8')), 'base64') || '''%',
    format('docs: but its own %s', part))
  FROM unnest(ARRAY['style', 'script']) AS part;
SELECT is(r.media_types, '{text/html}', 'docs: a page whatever else the client likes')
  FROM app.route AS r WHERE r.path = '/docs';
SELECT unalike(:'page'::text, '%//%', 'docs: no address of anything else');

SELECT * FROM finish();
ROLLBACK;
