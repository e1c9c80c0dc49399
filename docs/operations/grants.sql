-- После каждой миграции, от имени portal_owner (это делает update.sh).
-- Портал читает и пишет строки, но не меняет таблиц, не очищает их целиком и не трогает того,
-- что не меняется никогда: история, решения, листы на подпись, редакции, файлы редакций.
DO $$
DECLARE
    place record;
BEGIN
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC, portal_app', current_schema());
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO portal_app', current_schema());
    EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM portal_app', current_schema());
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO portal_app', current_schema());
    EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA %I TO portal_app', current_schema());

    -- Неизменяемые таблицы узнаются по их сторожу, поэтому новая не забудется. Сторож с условием охраняет
    -- отдельные строки: 24 – это UPDATE и DELETE каждой строки без условий (pg_trigger.tgtype, tgqual).
    FOR place IN
        SELECT DISTINCT guard.tgrelid::regclass AS name
        FROM pg_trigger guard JOIN pg_proc refusal ON refusal.oid = guard.tgfoid
        WHERE refusal.proname = 'refuse_change' AND NOT guard.tgisinternal AND guard.tgqual IS NULL AND guard.tgtype & 24 = 24
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE ON %s FROM portal_app', place.name);
    END LOOP;

    REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM portal_app;
END $$;
