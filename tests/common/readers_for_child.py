"""Readers that tests hand to the child process of wordfile.py."""
import zipfile

from projectoffice.common.wordfile import FileRefused


def count(stream, *, extra=0):
    return {"parts": len(zipfile.ZipFile(stream).namelist()) + extra}


def refuse(stream):
    raise FileRefused("Нет таблицы.", "no_table")


def spin(stream):
    while True:
        pass


def eat(stream):
    return len([bytearray(64 * 1024 * 1024) for _ in range(40)])


def fall(stream):
    raise LookupError("nobody expected this")
