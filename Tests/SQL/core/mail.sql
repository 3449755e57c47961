BEGIN;
\ir ../support/people.psql
SELECT no_plan();

CREATE FUNCTION pg_temp.header(p_message text, p_name text) RETURNS text
LANGUAGE sql
AS $function$
    SELECT substring(split_part(p_message, E'\r\n\r\n', 1) || E'\r\n' FROM '(?:^|\n)' || p_name || ': ([^\r\n]*)')
$function$;
CREATE FUNCTION pg_temp.text_lines(p_message text) RETURNS text[]
LANGUAGE sql
AS $function$
    SELECT string_to_array(split_part(substring(p_message FROM 'text/plain.*'), '--rapport-', 1), E'\r\n')
$function$;

-- Rendering
UPDATE app.setting SET value = 'Rapport <post@mail.example>' WHERE name = 'mail_from';
SELECT core.post_mail('confirmation', 'josé@example.com', NULL, 'SECRET', '{"path": "/confirm?token="}', 'r-1') AS mail \gset
SELECT core.render_mail(:mail) AS message \gset
SELECT is(pg_temp.header(:'message', 'From'), 'Rapport <post@mail.example>', 'render_mail: From');
SELECT is(pg_temp.header(:'message', 'To'), 'josé@example.com', 'render_mail: To');
SELECT is(pg_temp.header(:'message', 'Subject'), 'Please confirm your e-mail address', 'render_mail: Subject');
SELECT matches(pg_temp.header(:'message', 'Date'),
    '^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} \+0000$', 'render_mail: Date');
SELECT matches(pg_temp.header(:'message', 'Message-ID'), '^<[0-9a-f-]{36}@mail\.example>$', 'render_mail: Message-ID');
SELECT is(pg_temp.header(:'message', 'MIME-Version'), '1.0', 'render_mail: MIME-Version');
SELECT is(pg_temp.header(:'message', 'X-Rapport-Kind'), 'confirmation', 'render_mail: X-Rapport-Kind');
SELECT is(pg_temp.header(:'message', 'Auto-Submitted'), 'auto-generated', 'render_mail: Auto-Submitted');
SELECT matches(pg_temp.header(:'message', 'Content-Type'), '^multipart/alternative; boundary="rapport-[0-9a-f]{32}"$', 'render_mail: two parts');
SELECT is(core.render_mail(:mail), :'message', 'render_mail: every attempt is the same message');
SELECT ok('https://rapport.example/confirm?token=SECRET' = ANY (pg_temp.text_lines(:'message')),
    'render_mail: the link stands alone on its line');
SELECT ok(:'message' LIKE '%<a href="https://rapport.example/confirm?token=SECRET">%', 'render_mail: and is one in HTML');
SELECT ok(regexp_replace(:'message', '\r\n', '', 'g') !~ '[\r\n]', 'render_mail: lines end with CR LF only');
SELECT set_config('rapport.public_url', '', true) AS unset \gset
SELECT ok('http://127.0.0.1:8080/confirm?token=SECRET' = ANY (pg_temp.text_lines(core.render_mail(:mail))),
    'render_mail: without PUBLIC_URL the link is local');

SELECT core.post_mail('secondary_confirmation', 'a@example.com', NULL, '123456', NULL, NULL) AS code_mail \gset
SELECT ok('123456' = ANY (pg_temp.text_lines(core.render_mail(:code_mail))), 'render_mail: so does a code, without a path');

SELECT core.post_mail('group_creator', 'a@example.com', NULL, NULL,
    jsonb_build_object('name', E'<b>&"Ann"\r\nBcc: x@example.com', 'email', 'new@example.com'), NULL) AS name_mail \gset
SELECT core.render_mail(:name_mail) AS name_message \gset
SELECT ok(:'name_message' LIKE '%<p>Hello &lt;b&gt;&amp;&quot;Ann&quot; Bcc: x@example.com,</p>%', 'render_mail: names are text, not HTML');
SELECT is(pg_temp.header(:'name_message', 'Bcc'), NULL, 'render_mail: nor headers');
SELECT ok(:'name_message' LIKE '%new@example.com was made a GroupCreator%', 'render_mail: no code or link where there is none');
UPDATE app.mail SET recipient = E'a@example.com\r\nBcc: x@example.com' WHERE id = :name_mail;
SELECT is(pg_temp.header(core.render_mail(:name_mail), 'Bcc'), NULL, 'render_mail: no address starts a header');
UPDATE app.setting SET value = E'Evil\nBcc: x@example.com <a@example.com>' WHERE name = 'mail_from';
SELECT is(pg_temp.header(core.render_mail(:name_mail), 'Bcc'), NULL, 'render_mail: nor does the setting');
SELECT throws_ok($$SELECT * FROM core.mail_words('nonsense', '{}')$$, 'RP500', NULL, 'mail_words: an unknown kind is a bug');
SELECT isnt((core.mail_words(k, '{}')).subject, NULL, 'mail_words: ' || k)
FROM unnest(ARRAY['confirmation', 'secondary_confirmation', 'password_reset', 'group_creator']) AS k;
SELECT core.post_mail('group_creator', repeat('x', 200) || '@example.com', NULL, NULL,
    jsonb_build_object('name', repeat('😀', 100), 'email', repeat('x', 255)), NULL) AS long_mail \gset
SELECT cmp_ok(max(octet_length(l)), '<', 998, 'render_mail: no line is too long')
FROM regexp_split_to_table(core.render_mail(:long_mail), '\r\n') AS l;

-- Headers
SELECT is(core.encode_header('plain text'), 'plain text', 'encode_header: ASCII stays');
SELECT is(core.encode_header('Grüße'), '=?UTF-8?B?R3LDvMOfZQ==?=', 'encode_header: the rest is an encoded word');
SELECT is(core.encode_header('=?UTF-8?Q?x?='), '=?UTF-8?B?PT9VVEYtOD9RP3g/PQ==?=', 'encode_header: what looks like one is encoded');
SELECT cmp_ok(max(char_length(w)), '<=', 75, 'encode_header: no word is longer than 75')
FROM regexp_split_to_table(core.encode_header(repeat('ä😀', 60)), '\r\n ') AS w;
SELECT is(string_agg(convert_from(decode(substring(w FROM '^=\?UTF-8\?B\?(.*)\?=$'), 'base64'), 'UTF8'), '' ORDER BY n),
    repeat('ä😀', 60), 'encode_header: each word is whole characters')
FROM regexp_split_to_table(core.encode_header(repeat('ä😀', 60)), '\r\n ') WITH ORDINALITY AS t (w, n);
SELECT is(core.encode_mailbox('Röpport <a@example.com>'), '=?UTF-8?B?UsO2cHBvcnQ=?= <a@example.com>', 'encode_mailbox: the name is encoded');
SELECT is(core.encode_mailbox('a@example.com'), 'a@example.com', 'encode_mailbox: an address alone');
SELECT is(core.header_text(E'a\r\n\tb\u0085c'), 'a b c', 'header_text: one line');

-- Claiming
DELETE FROM app.mail;
SELECT throws_ok('SELECT * FROM core.claim_mail(71, 10)', 'RP409', NULL, 'claim_mail: not without registering');
SELECT ok(jobs.register_worker(71), 'register_worker: takes the lock');
SELECT ok(jobs.register_worker(72), 'register_worker: of another number too');
SELECT throws_ok('SELECT jobs.register_worker(0)', 'RP422', NULL, 'register_worker: numbers begin at 1');
SELECT throws_ok('SELECT jobs.register_worker(2147483648)', 'RP422', NULL, 'register_worker: and end at 2^31 - 1');
SELECT core.post_mail('confirmation', 'a@example.com', NULL, 'S' || n, '{"path": "/x?t="}', NULL) FROM generate_series(1, 3) AS n \g /dev/null
SELECT min(id) AS first, max(id) AS last FROM app.mail \gset
SELECT results_eq('SELECT id, kind, recipient FROM core.claim_mail(71, 2)',
    format('VALUES (%s::bigint, %L, %L), (%s, %L, %L)', :first, 'confirmation', 'a@example.com', :first + 1, 'confirmation', 'a@example.com'),
    'claim_mail: the first come first, no more than the limit');
SELECT results_eq('SELECT id FROM core.claim_mail(72, 10)', ARRAY[:last]::bigint[], 'claim_mail: not what a live worker has');
SELECT is_empty('SELECT FROM core.claim_mail(71, 10)', 'claim_mail: nor what one has oneself');
SELECT is((SELECT count(*) FROM core.claim_mail(71, 10, now() + interval '4 minutes 59 seconds')), 0::bigint, 'claim_mail: for 5 minutes');
UPDATE app.mail SET claimed_by = 99 WHERE id = :first;
SELECT results_eq('SELECT id FROM core.claim_mail(71, 10)', ARRAY[:first]::bigint[], 'claim_mail: takes over at once what a dead worker had');
SELECT is((SELECT attempts FROM app.mail WHERE id = :first), 2, 'claim_mail: counts attempts when they begin');
SELECT is((SELECT count(*) FROM core.claim_mail(71, 10, now() + interval '5 minutes')), 3::bigint, 'claim_mail: and after 5 minutes from the living');
UPDATE app.mail SET claimed_by = NULL, claimed_until = NULL, attempts = 0, next_attempt_at = now() + interval '1 second' WHERE id = :last;
SELECT is_empty('SELECT FROM core.claim_mail(71, 10)', 'claim_mail: nothing before its time');
UPDATE app.mail SET next_attempt_at = now(), created_at = now() - interval '24 hours' WHERE id = :last;
SELECT is_empty('SELECT FROM core.claim_mail(71, 10)', 'claim_mail: nothing 24 hours old');
UPDATE app.mail SET created_at = now() WHERE id = :last;

-- Delivered
SELECT ok(NOT core.complete_mail(:first, 72), 'complete_mail: only by the worker that has it');
SELECT ok(core.complete_mail(:first, 71), 'complete_mail: done');
SELECT results_eq(format('SELECT state, secret, settled_at, claimed_by FROM app.mail WHERE id = %s', :first),
    $$VALUES ('sent', NULL, now(), NULL::bigint)$$, 'complete_mail: the secret is wiped');
SELECT ok(NOT core.complete_mail(:first, 71), 'complete_mail: once');
SELECT ok(NOT core.fail_mail(:first, 71, 'x'), 'fail_mail: not what was delivered');

-- Failed
SELECT is((SELECT count(*) FROM core.claim_mail(71, 10)), 1::bigint, 'a mail is under way');
SELECT ok(NOT core.fail_mail(:last, 72, 'x'), 'fail_mail: only by the worker that has it');
CREATE FUNCTION pg_temp.pauses(p_mail bigint) RETURNS SETOF interval
LANGUAGE plpgsql
AS $function$
DECLARE
    v_at timestamptz := now();
    v_mail app.mail%ROWTYPE;
BEGIN
    UPDATE app.mail SET claimed_by = NULL, claimed_until = NULL, attempts = 0, next_attempt_at = v_at, created_at = v_at WHERE id = p_mail;
    LOOP
        PERFORM core.claim_mail(71, 10, v_at);
        PERFORM core.fail_mail(p_mail, 71, 'no way', v_at);
        SELECT * INTO v_mail FROM app.mail WHERE id = p_mail;
        IF v_mail.state <> 'pending' OR v_at > now() + interval '2 days' THEN
            RETURN;
        END IF;
        RETURN NEXT v_mail.next_attempt_at - v_at;
        v_at := v_mail.next_attempt_at;
        EXIT WHEN v_at >= v_mail.created_at + interval '24 hours';
    END LOOP;
END
$function$;
SELECT results_eq(format('SELECT p FROM pg_temp.pauses(%s) AS p LIMIT 6', :last),
    $$SELECT unnest(ARRAY['1 min', '5 min', '15 min', '1 hour', '3 hours', '3 hours']::interval[])$$, 'fail_mail: growing pauses');
SELECT is((SELECT last_error FROM app.mail WHERE id = :last), 'no way', 'fail_mail: the error is readable');
SELECT is(core.without_secret('refused: ?t=S3CRET', 'S3CRET'), 'refused: ?t=***', 'without_secret: what a mail program repeats');
SELECT is(core.without_secret('refused', NULL), 'refused', 'without_secret: a mail without one');
SELECT ok((SELECT secret IS NOT NULL FROM app.mail WHERE id = :last), 'fail_mail: a mail that will be tried again keeps its secret');
UPDATE app.mail SET claimed_by = 71, claimed_until = now(), state = 'pending' WHERE id = :last;
SELECT ok(core.fail_mail(:last, 71, repeat('x', 5000), now() + interval '24 hours'), 'fail_mail: after 24 hours');
SELECT results_eq(format('SELECT state, secret, char_length(last_error) FROM app.mail WHERE id = %s', :last),
    $$VALUES ('failed', NULL, 1000)$$, 'fail_mail: is given up, its secret wiped');
SELECT throws_ok(format('UPDATE app.mail SET secret = %L WHERE id = %s', 'x', :last), '23514', NULL,
    'app.mail: a settled mail has no secret');

-- One wrong row
SELECT throws_ok($$SELECT core.post_mail('no_such_kind', 'a@example.com', NULL, NULL, NULL, NULL)$$, 'RP500', NULL,
    'post_mail: a kind without words fails with its cause');
DELETE FROM app.mail;
INSERT INTO app.mail (kind, recipient, message_id, next_attempt_at) VALUES ('no_such_kind', 'a@example.com', '<1@a>', now() - interval '1 hour');
SELECT core.post_mail('confirmation', 'b@example.com', NULL, 'S', '{"path": "/?t="}', NULL) AS good \gset
SELECT results_eq('SELECT recipient FROM core.claim_mail(71, 10)', $$VALUES ('b@example.com')$$,
    'claim_mail: a mail that cannot be rendered keeps no other from going out');
SELECT results_eq($$SELECT state, last_error FROM app.mail WHERE kind = 'no_such_kind'$$,
    $$VALUES ('failed', 'cannot be rendered: no mail is of kind no_such_kind')$$, 'claim_mail: it is given up, and says why');

SELECT pg_advisory_unlock_all();
SELECT * FROM finish();
ROLLBACK;
