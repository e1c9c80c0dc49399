#!/usr/bin/env bash
# Обновление до версии, которая лежит в /srv/projectoffice/app (git pull сделан). Запускать от root.
set -euo pipefail

APP=${APP:-/srv/projectoffice/app}
cd "$APP"
docs/operations/backup.sh

set -a; . /etc/projectoffice/portal.env; . /etc/projectoffice/owner.env; set +a   # миграции — от владельца таблиц
python3 -m projectoffice.common.house.setup
.venv/bin/python - < docs/operations/grants.sql <<'PYTHON'
PYTHON
systemctl reload-or-restart portal-web
systemctl restart portal-worker
