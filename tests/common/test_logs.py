"""Logs that a machine reads line by line."""
import json
import logging

from projectoffice.common.logs import JsonLines


def line(message, *args, **fields):
    record = logging.makeLogRecord({"name": "x", "levelname": "INFO", "msg": message, "args": args} | fields)
    return JsonLines().format(record)


def test_a_record_is_one_line_whatever_stands_in_it():
    written = line("Письмо %s", "a\nERROR forged\r\n\u2028")
    assert "\n" not in written
    assert "\r" not in written
    assert json.loads(written)["message"] == "Письмо a\nERROR forged\r\n\u2028"


def test_a_fault_comes_with_its_trace():
    try:
        1 / 0
    except ZeroDivisionError as error:
        written = json.loads(line("x", exc_info=(type(error), error, error.__traceback__)))
    assert "ZeroDivisionError" in written["error"]


def test_extra_fields_are_kept_even_when_json_does_not_know_them():
    assert json.loads(line("x", status_code=403, who=object))["status_code"] == 403
