BEGIN;
SELECT no_plan();

SELECT ok(http.matches_format(f, t), format('matches_format: %s is a %s', t, f))
  FROM (VALUES ('date', '1990-01-31'), ('date', '2024-02-29'), ('date', '9999-12-31'),
    ('date-time', '2024-02-29T23:59:59.999Z'), ('date-time', '2024-02-29T00:00:00+02:00'),
    ('email', 'a@b'), ('uri', 'https://example.com/x?y=z'), ('no-such-format', 'anything')) AS v (f, t);
SELECT ok(NOT http.matches_format(f, t), format('matches_format: "%s" is no %s', t, f))
  FROM (VALUES ('date', ''), ('date', '1990-02-30'), ('date', '2023-02-29'), ('date', '1990-13-01'),
    ('date', '0000-01-01'), ('date', '1990-1-1'), ('date', '1990-01-01x'), ('date-time', '2024-02-29'),
    ('date-time', '2024-02-29T24:00:00Z'), ('date-time', '2024-02-29T10:00:00'), ('date-time', '2023-02-29T10:00:00Z'),
    ('email', 'a'), ('email', 'a@b@c'), ('email', 'a b@c'), ('uri', '/x'), ('uri', 'a:b c')) AS v (f, t);

SELECT * FROM finish();
ROLLBACK;
