-- Runs every house rule of sql/lint. Start it from the root of the repository.
BEGIN;
SELECT no_plan();

\set expected `ls sql/lint | wc -l`
CREATE TEMPORARY TABLE lint_run (name text);

\set name api_reads_no_table
\set query `cat sql/lint/api_reads_no_table.sql`
\ir support/lint.psql
\set name code_holds_no_data
\set query `cat sql/lint/code_holds_no_data.sql`
\ir support/lint.psql
\set name comments
\set query `cat sql/lint/comments.sql`
\ir support/lint.psql
\set name comments_name_routes
\set query `cat sql/lint/comments_name_routes.sql`
\ir support/lint.psql
\set name constraints_named
\set query `cat sql/lint/constraints_named.sql`
\ir support/lint.psql
\set name data_needs_no_code
\set query `cat sql/lint/data_needs_no_code.sql`
\ir support/lint.psql
\set name foreign_keys_indexed
\set query `cat sql/lint/foreign_keys_indexed.sql`
\ir support/lint.psql
\set name functions_published_safely
\set query `cat sql/lint/functions_published_safely.sql`
\ir support/lint.psql
\set name gdpr_complete
\set query `cat sql/lint/gdpr_complete.sql`
\ir support/lint.psql
\set name owned_by_owner
\set query `cat sql/lint/owned_by_owner.sql`
\ir support/lint.psql
\set name parameters_prefixed
\set query `cat sql/lint/parameters_prefixed.sql`
\ir support/lint.psql
\set name plpgsql_check
\set query `cat sql/lint/plpgsql_check.sql`
\ir support/lint.psql
\set name times_have_zones
\set query `cat sql/lint/times_have_zones.sql`
\ir support/lint.psql
\set name volatility_true
\set query `cat sql/lint/volatility_true.sql`
\ir support/lint.psql

SELECT is((SELECT count(*)::text FROM lint_run), :'expected', 'lint: every file of sql/lint was run');

SELECT * FROM finish();
ROLLBACK;
