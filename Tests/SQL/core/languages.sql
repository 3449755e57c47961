BEGIN;
\ir ../support/people.psql
SELECT no_plan();

-- The list
SELECT is((SELECT count(*) FROM app.language), 183::bigint, 'language: as many as ISO 639-1 has');
SELECT is((SELECT string_agg(code, ' ' ORDER BY code) FROM app.language),
    'aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu '
    'fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km '
    'kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om '
    'or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr '
    'ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu', 'language: all of them');
SELECT is((SELECT array_agg(id ORDER BY code) FROM app.language), (SELECT array_agg(n) FROM generate_series(1, 183) AS n), 'language: numbered in the order of their codes');
SELECT results_eq($$SELECT code COLLATE "default", name, native_name, flag FROM app.language WHERE code IN ('id', 'ja', 'eo') ORDER BY code$$,
    $$VALUES ('eo', 'Esperanto', 'Esperanto', '🏳️'), ('id', 'Indonesian', 'bahasa Indonesia', '🇮🇩'), ('ja', 'Japanese', '日本語', '🇯🇵')$$,
    'language: name, name in itself, flag');
SELECT is_empty($$SELECT code FROM app.language WHERE flag !~ '^[\U0001F1E6-\U0001F1FF]{2}$' AND code NOT IN ('eo', 'ia', 'ie', 'io', 'vo')$$,
    'language: a country''s flag for each that was not made up');

-- set_languages
SELECT pg_temp.person('ann@example.com') AS ann, pg_temp.person('bob@example.com') AS bob \gset
CREATE FUNCTION pg_temp.known(p_account_id bigint) RETURNS text
LANGUAGE sql
AS $function$
    SELECT string_agg(l.code || ' ' || a.type, ', ' ORDER BY l.code)
    FROM app.account_language AS a INNER JOIN app.language AS l ON l.id = a.language_id
    WHERE a.account_id = p_account_id
$function$;
SELECT core.set_languages(:bob, ARRAY[37], ARRAY['native']) IS NOT NULL AS done \gset
SELECT core.set_languages(:ann, ARRAY[65, 37], ARRAY['native', 'interest']) IS NOT NULL AS done \gset
SELECT is(pg_temp.known(:ann), 'en interest, id native', 'set_languages: each with its type');
SELECT core.set_languages(:ann, ARRAY[37, 47], ARRAY['native', 'interest']) IS NOT NULL AS done \gset
SELECT is(pg_temp.known(:ann), 'en native, fr interest', 'set_languages: in place of those before');
SELECT core.set_languages(:ann, '{}', '{}') IS NOT NULL AS done \gset
SELECT is(pg_temp.known(:ann), NULL, 'set_languages: none');
SELECT is(pg_temp.known(:bob), 'en native', 'set_languages: nobody else''s');
SELECT throws_ok(format('SELECT core.set_languages(%s, ARRAY[184], ARRAY[%L])', :ann, 'native'), '23503', NULL, 'set_languages: a language that is not there');
SELECT throws_ok(format('SELECT core.set_languages(%s, ARRAY[37], ARRAY[%L])', :ann, 'fluent'), '23514', NULL, 'set_languages: a type that is not there');
SELECT throws_like($$DELETE FROM app.language WHERE code = 'en'$$, '%"account_language_language"%', 'language: none goes while somebody speaks it');
DELETE FROM app.account WHERE id = :bob;
SELECT is(pg_temp.known(:bob), NULL, 'account_language: goes with the account');

-- Roles
SELECT function_privs_are('core', 'set_languages', ARRAY['bigint', 'integer[]', 'text[]'], r, ARRAY[]::text[], 'set_languages: ' || r || ' may not')
FROM unnest(ARRAY['rapport_api', 'rapport_report']) AS r;

SELECT * FROM finish();
ROLLBACK;
