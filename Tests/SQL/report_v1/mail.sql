BEGIN;
SELECT no_plan();

DELETE FROM app.mail;
SELECT core.post_mail('confirmation', 'a@example.com', NULL, 'S', NULL, NULL) AS sent, core.post_mail('confirmation', 'a@example.com', NULL, 'S', NULL, NULL) AS failed,
    core.post_mail('confirmation', 'a@example.com', NULL, 'S', NULL, NULL) AS pending \gset
UPDATE app.mail SET state = 'sent', secret = NULL, settled_at = now() + interval '3 seconds', attempts = 1 WHERE id = :sent;
SELECT core.give_up_mail(:failed, 'no') IS NOT NULL AS done \gset

SET LOCAL ROLE rapport_report;
SELECT results_eq('SELECT kind, pending, sent, failed, attempts, median_seconds_to_delivery FROM report_v1.mail_delivery',
    $$VALUES ('confirmation', 1::bigint, 1::bigint, 1::bigint, 1::bigint, 3::double precision)$$, 'mail_delivery: the fate of mails');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
