BEGIN;
\ir ../support/people.psql
\ir ../support/pages.psql
SELECT no_plan();

SELECT pg_temp.person('john.doe@example.com') AS john \gset
SELECT pg_temp.token(:john) AS token \gset

-- confirm_secondary_email
SELECT core.set_secondary_email(:john, 'john.doe4@example.com', '/api/v1/user/profile/confirm_secondary_email?confirmation_token=', NULL) IS NOT NULL AS done \gset
SELECT format('{"confirmation_token": "%s"}', pg_temp.mailed('secondary_confirmation', 'john.doe4@example.com')) AS link \gset
SELECT is(pg_temp.body('dsrt_v1.confirm_secondary_email', NULL, NULL, 'HEAD', :'link') ->> 'http_status_code', '200', 'confirm_secondary_email: HEAD looks');
SELECT is((SELECT secondary_email_confirmed_at FROM app.account WHERE id = :john), NULL, 'confirm_secondary_email: and changes nothing');
SELECT is((pg_temp.answer('dsrt_v1.confirm_secondary_email', NULL, NULL, 'GET', :'link')).body, '{"message" : "Your secondary email has been confirmed", "http_status_code" : 200}', 'confirm_secondary_email: by the link');
SELECT is(pg_temp.body('dsrt_v1.me', NULL, :'token', 'GET') #>> '{user,secondary_email_confirmed}', 'true', 'confirm_secondary_email: confirmed');
SELECT is((pg_temp.answer('dsrt_v1.confirm_secondary_email', NULL, NULL, 'GET', :'link')).body,
    '{"message" : "The confirmation token is invalid or expired", "http_status_code" : 400, "error" : {"code" : "BAD_REQUEST"}}', 'confirm_secondary_email: once');
SELECT is(pg_temp.code('dsrt_v1.confirm_secondary_email', NULL, NULL, 'HEAD', :'link'), 'BAD_REQUEST', 'confirm_secondary_email: HEAD afterwards');
SELECT is(pg_temp.complaints('dsrt_v1.confirm_secondary_email', '{}'), ARRAY['confirmation_token: Confirmation token can not be blank'], 'confirm_secondary_email: no token');
SELECT core.set_secondary_email(:john, 'john.doe5@example.com', '/api/v1/user/profile/confirm_secondary_email?confirmation_token=', NULL) IS NOT NULL AS done \gset
SELECT is(pg_temp.code('dsrt_v1.confirm_secondary_email', format('{"confirmation_token": "%s"}', pg_temp.mailed('secondary_confirmation', 'john.doe5@example.com'))), NULL, 'confirm_secondary_email: by POST');
-- A browser
SELECT core.set_secondary_email(:john, 'john.doe6@example.com', '/api/v1/user/profile/confirm_secondary_email?confirmation_token=', NULL) IS NOT NULL AS done \gset
SELECT format('{"confirmation_token": "%s"}', pg_temp.mailed('secondary_confirmation', 'john.doe6@example.com')) AS link \gset
SELECT is(pg_temp.title(pg_temp.browse('dsrt_v1.confirm_secondary_email', NULL, 'HEAD', :'link')), 'Your secondary email has been confirmed', 'confirm_secondary_email: HEAD of the page');
SELECT is((SELECT secondary_email_confirmed_at FROM app.account WHERE id = :john), NULL, 'confirm_secondary_email: changes nothing either');
SELECT is(pg_temp.title(pg_temp.browse('dsrt_v1.confirm_secondary_email', NULL, 'GET', :'link')), 'Your secondary email has been confirmed', 'confirm_secondary_email: a page for a browser');
SELECT isnt((SELECT secondary_email_confirmed_at FROM app.account WHERE id = :john), NULL, 'confirm_secondary_email: which confirms');
SELECT is(pg_temp.title(pg_temp.browse('dsrt_v1.confirm_secondary_email', NULL, 'GET', q)), 'This link does not work', 'confirm_secondary_email: a page for a wrong link ' || q)
FROM unnest(ARRAY[:'link', '{}', '{"confirmation_token": "x"}', '{"confirmation_token": ["x"]}']) AS q;
SELECT is((r.status, r.outcome), (200, 400), 'confirm_secondary_email: its real status is in the log') FROM pg_temp.browse('dsrt_v1.confirm_secondary_email', NULL, 'GET', :'link') AS r;

-- Roles
SELECT function_privs_are('dsrt_v1', 'confirm_secondary_email', ARRAY['http.request'], 'rapport_api', ARRAY['EXECUTE'], 'confirm_secondary_email: rapport_api may call it');
SELECT function_privs_are('dsrt_v1', 'confirm_secondary_email', ARRAY['http.request'], 'rapport_report', ARRAY[]::text[], 'confirm_secondary_email: rapport_report may not');

SELECT * FROM finish();
ROLLBACK;
