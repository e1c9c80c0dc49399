#!/usr/bin/env bash
# Резервная копия: сначала база, потом файлы — файлы только прибавляются, и строка никогда не укажет в пустоту.
# Копия появляется под своим именем целиком или не появляется. Запускать от root.
set -euo pipefail
umask 077

BACKUPS=${BACKUPS:-/srv/projectoffice/backups}
DATA_DIR=${DATA_DIR:-/srv/projectoffice/data}
DATABASE=${DATABASE:-portal}
KEEP_DAYS=${KEEP_DAYS:-30}
AS_POSTGRES=${AS_POSTGRES-runuser -u postgres --}   # пустое значение: подключаться от своего имени

name=$(date +%Y-%m-%d-%H%M%S)
draft="$BACKUPS/.$name"
mkdir -p "$draft"
trap 'rm -rf "$draft"' EXIT

$AS_POSTGRES pg_dump --format=custom "$DATABASE" > "$draft/database.dump"
mkdir -p "$DATA_DIR/uploads"
tar --create --file "$draft/uploads.tar" --directory "$DATA_DIR" uploads

pg_restore --list "$draft/database.dump" > /dev/null
(cd "$draft" && sha256sum database.dump uploads.tar > SHA256SUMS)
sync "$draft"/*
mv "$draft" "$BACKUPS/$name"
trap - EXIT

find "$BACKUPS" -mindepth 1 -maxdepth 1 -type d -name '20*' -mtime "+$KEEP_DAYS" -exec rm -rf {} +
echo "Готово: $BACKUPS/$name ($(du -sh "$BACKUPS/$name" | cut -f1))"
