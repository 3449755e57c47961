BEGIN;
SELECT no_plan();

SELECT set_config('rapport.public_url', 'https://rapport.example/', true) AS public_url \gset

-- public_path
SELECT is(http.public_path('/reset'), '/reset', 'public_path: the path itself');
SELECT is(set_config('rapport.public_url', u.url, true) || http.public_path('/reset'), u.url || u.path, 'public_path: under ' || u.url)
FROM (VALUES
    ('https://rapport.example/api', '/api/reset'), ('http://127.0.0.1:8080', '/reset'), ('http://[::1]:8080/a/b/', '/a/b/reset')) AS u (url, path);
SELECT set_config('rapport.public_url', 'https://rapport.example/', true) AS public_url \gset

-- page
SELECT * FROM http.page(200, 'A <b>title</b>', ARRAY['One & two', '<script>alert("x")</script>']) \gset page_
SELECT is(:page_status || ' ' || :page_outcome, '200 200', 'page: the status');
SELECT is(regexp_replace(:'page_headers', 'sha256-[A-Za-z0-9+/=]+', 'HASH'),
    E'Content-Type: text/html; charset=utf-8\n'
    'Content-Security-Policy: default-src ''none''; style-src ''HASH''; base-uri ''none''; form-action ''none''; frame-ancestors ''none''\n'
    'Referrer-Policy: no-referrer\nX-Content-Type-Options: nosniff\nCache-Control: no-store\n', 'page: nothing is allowed, nothing is kept');
SELECT is((regexp_match(:'page_headers', '''sha256-([^'']+)'''))[1],
    encode(sha256(convert_to((regexp_match(:'page_body', '<style>(.*)</style>'))[1], 'UTF8')), 'base64'), 'page: but its own style');
SELECT is((regexp_match(:'page_body', '</style></head>(.*)$'))[1],
    '<body><main><h1>A &lt;b&gt;title&lt;/b&gt;</h1><p>One &amp; two</p><p>&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;</p></main></body></html>' || E'\n',
    'page: everything is escaped');
SELECT alike(:'page_body'::text, '<!doctype html><html lang="en"><head><meta charset="utf-8">%<title>A &lt;b&gt;title&lt;/b&gt;</title>%', 'page: a document with language and title');
SELECT unalike(:'page_body'::text, '%//%', 'page: no address of anything else');
SELECT is((http.page(400, 'x', ARRAY['y'], p_status => 200)).status, 200, 'page: another status on the wire');
SELECT is((http.page(400, 'x', ARRAY['y'], p_status => 200)).outcome, 400, 'page: than the one meant');
SELECT is(((http.page(200, 'x', ARRAY['y'])).session_id), NULL, 'page: of no session');

-- bad_link_page
SELECT is(a.status || ' ' || substring(a.body FROM '<main>(.*)</main>'),
    '400 <h1>This link does not work</h1><p>It is incomplete, was used before, is older than 7 days, or was replaced by a newer one.</p><p>Ask again.</p>',
    'bad_link_page: why, and what to do')
FROM http.bad_link_page('7 days', 'Ask again.') AS a;
SELECT is((http.bad_link_page('7 days', 'Ask again.', 200)).status, 200, 'bad_link_page: another status on the wire');

-- password_page
SELECT * FROM http.password_page('/reset', 'token', 'a"><b>', 'user[password]', 8) \gset form_
SELECT is(substring(:'form_body' FROM '<form.*</form>'),
    '<form method="post" action="/reset"><input type="hidden" name="token" value="a&quot;&gt;&lt;b&gt;"><label for="password">New password</label>'
    '<input id="password" type="password" name="user[password]" autocomplete="new-password" required autofocus minlength="8" aria-describedby="hint">'
    '<p id="hint">At least 8 characters.</p><button type="submit">Set the new password</button></form>', 'password_page: a form that posts both');
SELECT is(:form_status || ' ' || :form_outcome, '200 200', 'password_page: 200');
SELECT alike(:'form_headers'::text, '%form-action ''self''%', 'password_page: the form may be sent to us');
SELECT alike(f.body, '%<p role="alert" id="wrong">is &lt;too&gt; short</p>%aria-invalid="true" aria-describedby="wrong hint"%', 'password_page: what was wrong, beside the field')
FROM http.password_page('/reset', 'token', 't', 'password', 8, 'is <too> short') AS f;
SELECT is(f.status || ' ' || f.outcome, '400 400', 'password_page: 400 then')
FROM http.password_page('/reset', 'token', 't', 'password', 8, 'is too short') AS f;
SELECT is(f.status || ' ' || f.outcome, '200 400', 'password_page: another status on the wire')
FROM http.password_page('/reset', 'token', 't', 'password', 8, 'is too short', 200) AS f;

SELECT * FROM finish();
ROLLBACK;
