BEGIN;
SELECT no_plan();

SELECT is((core.read_text('"  Ann "', 1, 25)).value, 'Ann', 'read_text: takes blanks off');
SELECT is((core.read_text(NULL, 1, 25)).problem, 'blank', 'read_text: missing is blank');
SELECT is((core.read_text('null', 1, 25)).problem, 'blank', 'read_text: null is blank');
SELECT is((core.read_text('" \t\u00a0\u3000"', 1, 25)).problem, 'blank',
    'read_text: blanks are blank, the invisible ones too');
SELECT is((core.read_text('"\u000bvon\u000b"', 1, 25)).value, 'von', 'read_text: but letters stay');
SELECT is((core.read_text(to_jsonb(repeat('ä', 25)), 1, 25)).problem, NULL,
    'read_text: length counts characters, not bytes');
SELECT is((core.read_text(to_jsonb(repeat('a', 26)), 1, 25)).problem, 'too_long',
    'read_text: one more than allowed is too long');
SELECT is((core.read_text('"abcde"', 6, 25)).problem, 'too_short',
    'read_text: one less than needed is too short');
SELECT is((core.read_text('"abcdef"', 6, 25)).value, 'abcdef', 'read_text: just enough');
SELECT is((core.read_text('"a\nb"', 1, 25)).problem, 'characters',
    'read_text: a line of text has no control characters');
SELECT is((core.read_text('"a\u2028b"', 1, 25)).problem, 'characters',
    'read_text: nor a line separator');
SELECT is((core.read_text('"a\nb "', 1, 25, p_trim => false)).value, E'a\nb ',
    'read_text: untrimmed text is taken as it is');
SELECT is(core.trim_text(U&' \1680\3000a\FEFF'), 'a', 'trim_text: invisible blanks too');
SELECT is((core.read_text('""', 1, 25, p_trim => false)).problem, 'blank',
    'read_text: untrimmed and empty is blank');
SELECT is((core.read_text('5', 1, 25)).problem, 'type', 'read_text: a number is no text');
SELECT is((core.read_text('true', 1, 25)).problem, 'type', 'read_text: nor is a boolean');
SELECT is((core.read_text('["a"]', 1, 25)).problem, 'type', 'read_text: nor a list');
SELECT is((core.read_text('{"a":1}', 1, 25)).problem, 'type', 'read_text: nor an object');
SELECT is((core.read_text('123456', 1, 25, p_digits => true)).value, '123456',
    'read_text: a number stands for digits where digits are meant');
SELECT is((core.read_text('-1', 1, 25, p_digits => true)).problem, 'type',
    'read_text: but no sign');
SELECT is((core.read_text('1.5', 1, 25, p_digits => true)).problem, 'type',
    'read_text: and no fraction');

SELECT is(core.parse_date('1990-01-01'), date '1990-01-01', 'parse_date: a date');
SELECT is(core.parse_date('2024-02-29'), date '2024-02-29', 'parse_date: a leap day');
SELECT is(core.parse_date('9999-12-31'), date '9999-12-31', 'parse_date: the last date of four digits');
SELECT is(core.parse_date(t), NULL, format('parse_date: %s is none', to_json(t)))
FROM unnest(ARRAY['', 'today', '1990-1-1', '1990-13-01', '1990-00-10', '1990-02-30', '2023-02-29',
    '1900-02-29', '0000-01-01', '1990-01-00', '01.01.1990', '1990-01-01T00:00:00', ' 1990-01-01',
    '1990-01-01 ', '-1990-01-01', '١٩٩٠-٠١-٠١', E'1990-01-01\n']) AS t;

SELECT ok(core.is_email(t), format('is_email: %L is one', t))
FROM unnest(ARRAY['john.doe@example.com', 'a@b.co', 'j+tag@sub.example.co.uk', 'O''Hara@example.ie',
    'josé@exämple.de', '用户@例子.广告', 'x_y-z@1and1.com', 'a@b-c.xn--p1ai']) AS t;
SELECT ok(NOT core.is_email(t), format('is_email: %s is none', to_json(t)))
FROM unnest(ARRAY['', 'john', '@example.com', 'john@', 'john@localhost', 'a b@example.com',
    'a@b@example.com', '.a@example.com', 'a.@example.com', 'a..b@example.com', 'a@-b.com',
    'a@b-.com', 'a@.com', 'a@b..com', 'a@b.c0m.', 'a@b.1', '-oQ/tmp@example.com',
    'a,b@example.com', 'a;b@example.com', '<a@example.com>', '"a b"@example.com', 'a@[127.0.0.1]',
    E'a@example.com\nBcc: x@example.com', E'a@example.com\r\n', 'a\u200b@example.com',
    E'a\u200b@example.com', E'a@exam\u202eple.com', repeat('a', 65) || '@example.com',
    'a@' || repeat('a', 64) || '.com']) AS t;
SELECT ok(core.is_email('a@' || repeat(repeat('b', 60) || '.', 4) || 'example'),
    'is_email: a long one');
SELECT is(char_length('a@' || repeat(repeat('b', 61) || '.', 4) || 'comcom'), 256, 'an address of 256 characters');
SELECT ok(NOT core.is_email('a@' || repeat(repeat('b', 61) || '.', 4) || 'comcom'),
    'is_email: 256 characters are one too many');
SELECT ok(core.is_email('a@' || repeat(repeat('b', 61) || '.', 4) || 'comco'),
    'is_email: 255 are not');

SELECT is(core.email_key('John.DOE@Example.COM'), 'john.doe@example.com', 'email_key: lower case');
SELECT is(core.email_key('JOSÉ@EXÄMPLE.DE'), 'josé@exämple.de', 'email_key: in every script');
SELECT is(core.email_key(NULL), NULL, 'email_key: of nothing is nothing');

SELECT is(core.time_text('2030-01-02 03:04:05.6789+02'), '2030-01-02T01:04:05.678Z', 'time_text: UTC, to the millisecond');
SELECT is(core.time_text(NULL), NULL, 'time_text: of nothing');

SELECT * FROM finish();
ROLLBACK;
