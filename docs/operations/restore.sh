#!/usr/bin/env bash
# Восстановление из копии в ПУСТУЮ базу и пустой каталог файлов: restore.sh /srv/projectoffice/backups/2027-01-15-021500
# Портал и обработчик должны быть остановлены. Запускать от root.
set -euo pipefail

BACKUP=${1:?Укажите каталог резервной копии}
DATA_DIR=${DATA_DIR:-/srv/projectoffice/data}
DATABASE=${DATABASE:-portal}
FILES_OWNER=${FILES_OWNER-portal:portal}
AS_POSTGRES=${AS_POSTGRES-runuser -u postgres --}
here=$(cd "$(dirname "$0")" && pwd)

(cd "$BACKUP" && sha256sum --check --quiet SHA256SUMS)
sql() { $AS_POSTGRES psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 "$DATABASE" "$@"; }

if [ "$(sql -Atc "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")" != 0 ]; then
    echo "База $DATABASE не пуста. Восстановление идёт только в пустую: ничего не изменено." >&2
    exit 1
fi
if [ -n "$(ls -A "$DATA_DIR/uploads" 2>/dev/null)" ]; then
    echo "Каталог $DATA_DIR/uploads не пуст: ничего не изменено." >&2
    exit 1
fi

$AS_POSTGRES pg_restore --exit-on-error --no-owner --no-privileges --role=portal_owner --dbname "$DATABASE" < "$BACKUP/database.dump"
mkdir -p "$DATA_DIR"
tar --extract --file "$BACKUP/uploads.tar" --directory "$DATA_DIR" --no-same-owner
[ -z "$FILES_OWNER" ] || chown -R "$FILES_OWNER" "$DATA_DIR/uploads"

# Старые сеансы и ссылки входа не действуют; письма, что ждали отправки в час копии, могли уже уйти,
# поэтому сами они не уйдут: сотрудник увидит их среди недоставленных и решит о каждом.
sql <<'SQL'
BEGIN;
TRUNCATE django_session, common_cache;
UPDATE common_outgoingmail SET state = 'failed', last_error = 'Восстановлено из резервной копии: могло уйти раньше.'
    WHERE state IN ('queued', 'retry');
COMMIT;
SQL
{ echo 'SET ROLE portal_owner;'; cat "$here/grants.sql"; } | sql
echo "База и файлы восстановлены. Теперь: manage.py verify_documents, manage.py check_invariants, затем запустите портал."
