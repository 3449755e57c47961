-- What an administrator prepares, so that everything else can run as rapport_owner. The first thing
-- that `rapport migrate` runs, as the role that connects. Running it again changes only what is
-- missing.

SET LOCAL client_min_messages = warning;

DO $bootstrap$
DECLARE
    v_role text;
BEGIN
    FOREACH v_role IN ARRAY ARRAY['rapport_owner', 'rapport_api', 'rapport_report'] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname = v_role) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', v_role);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                -- Roles belong to the whole cluster: another database was faster.
                RAISE DEBUG 'role % exists already', v_role;
            END;
        END IF;
    END LOOP;

    -- A superuser may take on any role; everybody else needs to be a member.
    FOREACH v_role IN ARRAY ARRAY['rapport_owner', 'rapport_api'] LOOP
        IF NOT pg_catalog.pg_has_role(current_user, v_role, 'USAGE') THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', v_role);
        END IF;
    END LOOP;

    IF NOT has_database_privilege('rapport_owner', current_database(), 'CREATE') THEN
        EXECUTE format('GRANT CREATE ON DATABASE %I TO rapport_owner', current_database());
    END IF;

    -- Otherwise rapport_api could make temporary tables.
    IF has_database_privilege('rapport_api', current_database(), 'TEMPORARY') THEN
        EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    END IF;

    IF to_regnamespace('ext') IS NULL THEN
        CREATE SCHEMA ext;
        COMMENT ON SCHEMA ext IS 'Extensions. Only rapport_owner reaches into it.';
        GRANT USAGE ON SCHEMA ext TO rapport_owner;
    END IF;
END
$bootstrap$;

CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA ext;

CREATE SCHEMA IF NOT EXISTS app AUTHORIZATION rapport_owner;

SET LOCAL ROLE rapport_owner;

-- The migrator's own tables; the first migration says what they are for.
CREATE TABLE IF NOT EXISTS app.migration (
    number integer CONSTRAINT migration_pkey PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT migration_number_positive CHECK (number > 0)
);

CREATE TABLE IF NOT EXISTS app.build (
    single boolean NOT NULL DEFAULT true CONSTRAINT build_pkey PRIMARY KEY,
    checksum text NOT NULL,
    version text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT build_one_row CHECK (single)
);

RESET ROLE;
