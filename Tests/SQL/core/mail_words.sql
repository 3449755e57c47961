BEGIN;
SELECT no_plan();

SELECT ok(w.subject <> '' AND w.before <> '' AND w.after <> '' AND concat(w.subject, w.greeting, w.before, w.after) !~ '[\r\n]', 'mail_words: ' || k)
FROM unnest(ARRAY['confirmation', 'secondary_confirmation', 'password_reset', 'group_creator']) AS k
CROSS JOIN LATERAL core.mail_words(k, '{"email": "a@example.com"}') AS w;
SELECT is((core.mail_words('password_reset', '{"name": "Ann"}')).greeting, 'Hello Ann,', 'mail_words: greets by name');
SELECT is((core.mail_words('password_reset', '{"name": " "}')).greeting, 'Hello,', 'mail_words: or without one');
SELECT throws_ok($$SELECT * FROM core.mail_words('nonsense', '{}')$$, 'RP500', NULL, 'mail_words: an unknown kind is a bug');

SELECT * FROM finish();
ROLLBACK;
