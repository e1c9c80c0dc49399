#!/usr/bin/env python
"""The office's command line. Without DATABASE_URL the embedded PostgreSQL is entered first."""
import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "projectoffice.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
