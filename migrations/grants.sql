-- What each role may do on PostgreSQL. `resguardo prepare` and `resguardo serve` run this file as the owner, after the
-- migrations, in one transaction; it may be run any number of times.
--
-- Rules
--   1. Rights are listed here or do not exist: everything is taken away first.
--   2. The office's role cannot read a SEALED column (app/store/tables.py): what leads to a witness stays out of reach
--      of whatever is injected into an office page (law L1).
--   3. Rows of the log are added and read. Nobody changes, deletes or truncates them, the owner not either (law L5).
--   4. The petitioners' role knows nothing of the staff; the office's knows nothing of holders' sessions and uploads.
--
-- Where RESGUARDO_DATABASE_PETITIONER or RESGUARDO_DATABASE_OFFICE name other roles, their names stand in place of
-- resguardo_petitioner and resguardo_office.

-- --- the roles ------------------------------------------------------------------------------------------------------

DO $roles$
DECLARE
  face text;
  taking text := CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END;
BEGIN
  FOREACH face IN ARRAY ARRAY['resguardo_petitioner', 'resguardo_office'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = face) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT', face);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;  -- another portal of this server made it in the same moment
      END;
    END IF;
    IF NOT pg_has_role(current_user, face, taking) THEN
      BEGIN
        EXECUTE format('GRANT %I TO CURRENT_USER', face);
      EXCEPTION WHEN insufficient_privilege THEN
        NULL;  -- the faces then need addresses of their own
      END;
    END IF;
  END LOOP;
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO resguardo_petitioner, resguardo_office', current_database());
END
$roles$;

-- --- nothing, to begin with -----------------------------------------------------------------------------------------

REVOKE ALL ON SCHEMA public, vault FROM PUBLIC, resguardo_petitioner, resguardo_office;
REVOKE ALL ON ALL TABLES IN SCHEMA public, vault FROM PUBLIC, resguardo_petitioner, resguardo_office;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public, vault FROM PUBLIC, resguardo_petitioner, resguardo_office;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public, vault FROM PUBLIC, resguardo_petitioner, resguardo_office;
REVOKE UPDATE, DELETE, TRUNCATE ON log_entry, log_tile, log_batch, log_publication, log_alarm, case_event, case_note,
    signing_rule FROM CURRENT_USER;

GRANT USAGE ON SCHEMA public, vault TO resguardo_petitioner, resguardo_office;
GRANT SELECT ON alembic_version TO resguardo_petitioner, resguardo_office;

-- --- the log: both faces add to one history -------------------------------------------------------------------------

GRANT SELECT, INSERT ON log_entry, log_tile, log_batch, log_publication, log_alarm, log_opening
  TO resguardo_petitioner, resguardo_office;
GRANT SELECT, INSERT, UPDATE ON log_head, log_cosigner TO resguardo_petitioner, resguardo_office;

-- --- wrapped data keys ----------------------------------------------------------------------------------------------

GRANT SELECT, INSERT, DELETE ON vault.data_key TO resguardo_petitioner;
GRANT SELECT ON vault.data_key TO resguardo_office;

-- --- cases ----------------------------------------------------------------------------------------------------------

GRANT SELECT, INSERT, UPDATE (log_counter, stage, suspended, version, sign_in_vkey, status_hash, genesis)
  ON petition_case TO resguardo_petitioner;
GRANT SELECT, INSERT, UPDATE, DELETE ON case_recipient TO resguardo_petitioner;
GRANT SELECT (case_id), INSERT, UPDATE (body), DELETE ON case_card TO resguardo_petitioner;
GRANT SELECT, INSERT, DELETE ON manifest TO resguardo_petitioner;
GRANT SELECT, INSERT, DELETE ON redacted_record, copy_page, sealed_object, part, part_use TO resguardo_petitioner;
GRANT USAGE ON SEQUENCE sealed_object_id_seq TO resguardo_petitioner;
GRANT SELECT, INSERT, UPDATE (bytes), DELETE ON upload TO resguardo_petitioner;
GRANT SELECT, INSERT, DELETE ON upload_part TO resguardo_petitioner;
GRANT SELECT, INSERT, DELETE ON assisted_filing TO resguardo_petitioner;

GRANT SELECT (id, stage, received_at, entry_index, log_counter, version, suspended), UPDATE (log_counter, stage)
  ON petition_case TO resguardo_office;
GRANT SELECT ON case_card, redacted_record, copy_page, case_recipient TO resguardo_office;

GRANT SELECT, UPDATE (epoch, sha256, body), DELETE ON message TO resguardo_petitioner;
GRANT INSERT ON message TO resguardo_office;

GRANT SELECT, INSERT, UPDATE (address, last_sent), DELETE ON case_notice TO resguardo_petitioner;
GRANT SELECT, INSERT, UPDATE (not_before, attempts), DELETE ON notice_due TO resguardo_petitioner;
GRANT INSERT ON notice_due TO resguardo_office;
GRANT SELECT, INSERT, UPDATE (destroyed, status_hash, certificate), DELETE ON retention TO resguardo_petitioner;
GRANT SELECT (case_id, announced, day, rule, destroyed) ON retention TO resguardo_office;

GRANT SELECT, INSERT, UPDATE (withdrawn), DELETE ON public_version TO resguardo_petitioner;
GRANT SELECT ON public_version TO resguardo_office;

GRANT SELECT, INSERT ON case_link TO resguardo_petitioner;
GRANT SELECT ON case_link TO resguardo_office;

GRANT SELECT, INSERT ON case_event TO resguardo_petitioner, resguardo_office;

-- --- holders --------------------------------------------------------------------------------------------------------

GRANT SELECT, INSERT, DELETE ON holder_challenge, holder_session TO resguardo_petitioner;

-- --- staff ----------------------------------------------------------------------------------------------------------

GRANT SELECT, INSERT, UPDATE ON staff TO resguardo_office;
GRANT SELECT, INSERT, DELETE ON enrolment, recovery_code TO resguardo_office;
GRANT SELECT, INSERT, UPDATE (last_seen), DELETE ON staff_session TO resguardo_office;
GRANT SELECT, INSERT, UPDATE (ended) ON reader_device TO resguardo_office;
GRANT SELECT ON reader_device TO resguardo_petitioner;
GRANT SELECT, INSERT, DELETE ON request_nonce TO resguardo_office;
GRANT SELECT, INSERT ON signing_rule TO resguardo_petitioner, resguardo_office;
GRANT SELECT, INSERT, DELETE ON assignment TO resguardo_office;
GRANT SELECT, INSERT, UPDATE (ended, code) ON sitting TO resguardo_office;
GRANT INSERT ON mark_share TO resguardo_office;
GRANT SELECT, DELETE ON mark_share TO resguardo_petitioner;
GRANT SELECT, INSERT, UPDATE (undone) ON hand_over TO resguardo_office;
GRANT SELECT, INSERT ON hand_over_case, case_note TO resguardo_office;
GRANT SELECT, INSERT, UPDATE (deleted, body), DELETE ON saved_view TO resguardo_office;
GRANT USAGE ON SEQUENCE staff_id_seq, sitting_id_seq, hand_over_id_seq TO resguardo_office;
