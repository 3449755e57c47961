-- A few people to try things with, for local use: `./dev up` loads this after migrating. Running it
-- again adds only who is missing. Everybody's password is 'secret'; john.doe@example.com is the one of
-- the README's first session.

DO $demo$
DECLARE
    v_person record;
    v_id bigint;
BEGIN
    PERFORM set_config('role', 'rapport_owner', true);
    FOR v_person IN
        SELECT p.*
        FROM (VALUES
            ('john.doe@example.com', 'John', NULL, 'Doe', date '1990-01-01', 'male',
             '123456', 'US'),
            ('hida.isao@example.com', 'Hida', NULL, 'Isao', date '1985-07-13', 'male',
             '+81 3 5550 1234', 'JP'),
            ('maria.silva@example.com', 'Maria', 'Clara', 'Silva', date '1993-03-30', 'female',
             '+55 11 5550 1234', 'BR'),
            ('chloe.muller@example.com', 'Chloé', NULL, 'Müller', date '1978-11-02', 'female',
             '+41 44 555 12 34', 'CH'),
            ('sam.okafor@example.com', 'Sam', NULL, 'Okafor', date '2001-05-21', 'other',
             '+234 1 555 1234', 'NG')
        ) AS p (email, first_name, middle_name, last_name, birth_date, gender, contact_number,
                country)
    LOOP
        v_id := core.make_account(
            v_person.email, 'secret', v_person.first_name, v_person.last_name, 'dsrt_v1',
            'dsrt_v1.registration');
        CONTINUE WHEN v_id IS NULL;
        PERFORM core.prove_email(v_id, 'dsrt_v1.registration');
        PERFORM core.update_profile(
            v_id, v_person.first_name, v_person.middle_name, v_person.last_name,
            v_person.birth_date, v_person.gender, v_person.contact_number, v_person.country);
    END LOOP;
END
$demo$;
