-- Settings that a DBA may change in app.setting while everything runs.

CREATE FUNCTION core.setting(p_name text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$ SELECT s.value FROM app.setting AS s WHERE s.name = p_name $function$;
COMMENT ON FUNCTION core.setting(text) IS 'The value of a setting, NULL where there is no such row.';
