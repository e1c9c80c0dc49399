"""The drawing process: warm, limited, replaceable, and never shared between a process and its fork."""
import os
import signal
import time
from pathlib import Path

import pytest

from projectoffice.documents.sheet import SheetNotRendered, render_pdf, warm
from projectoffice.documents.sheet.pdf import draw_pdf
from projectoffice.documents.sheet.renderer import RENDERER, Renderer
from tests.documents.sheet_samples import ADDRESS, long_plan, plan

REQUEST = {"snapshot": plan(), "mode": "ink", "marks": [], "code": "", "check_url": ADDRESS}


@pytest.fixture
def renderer():
    renderer = Renderer()
    yield renderer
    renderer.stop()


def test_the_process_draws_the_same_bytes_as_this_one():
    assert render_pdf(plan(), mode="ink", check_url=ADDRESS) == draw_pdf(plan(), mode="ink", check_url=ADDRESS)


def test_a_process_serves_many_sheets():
    warm()
    first = RENDERER.child_pid
    for _ in range(3):
        render_pdf(plan(), mode="draft")
    assert RENDERER.child_pid == first


def test_an_unknown_mode_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="mode"):
        render_pdf(plan(), mode="final")


def test_a_sheet_that_cannot_be_drawn_is_told_in_russian_and_the_next_one_works(renderer):
    with pytest.raises(SheetNotRendered, match="Не удалось подготовить PDF") as failure:
        renderer.draw(REQUEST | {"snapshot": {"sections": 5}})
    assert "TypeError" in failure.value.reason
    assert renderer.draw(REQUEST)[0]["pages"] == 1


def test_a_killed_process_is_replaced(renderer):
    renderer.draw(REQUEST)
    os.kill(renderer.child_pid, signal.SIGKILL)
    with pytest.raises(SheetNotRendered, match="попробуйте ещё раз"):
        renderer.draw(REQUEST)
    assert renderer.draw(REQUEST)[0]["pages"] == 1


def test_a_sheet_that_takes_too_long_is_stopped_in_time(renderer):
    renderer.draw(REQUEST)
    slow, started = renderer.child_pid, time.monotonic()
    with pytest.raises(SheetNotRendered, match="слишком велик"):
        renderer.draw(REQUEST | {"snapshot": long_plan(1500)}, seconds=1)
    assert time.monotonic() - started < 5
    with pytest.raises(ProcessLookupError):
        os.kill(slow, 0)
    assert renderer.draw(REQUEST)[0]["pages"] == 1


def test_processor_time_is_limited_for_each_sheet_alone(renderer):
    with pytest.raises(SheetNotRendered) as failure:
        renderer.draw(REQUEST | {"snapshot": long_plan(1500), "cpu_seconds": 1})
    assert f"code -{signal.SIGXCPU.value}" in failure.value.reason
    for _ in range(3):
        renderer.draw(REQUEST | {"cpu_seconds": 2})


def test_a_server_without_the_font_says_so_instead_of_printing_another_one(renderer, monkeypatch, tmp_path, capfd):
    empty = tmp_path / "fonts.conf"
    empty.write_text('<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig/>')
    monkeypatch.setenv("FONTCONFIG_FILE", str(empty))
    with pytest.raises(SheetNotRendered, match="сообщите администратору"):
        renderer.draw(REQUEST)
    assert "Liberation Serif is not installed" in capfd.readouterr().err


def test_memory_is_limited(renderer):
    renderer.draw(REQUEST)
    limits = Path(f"/proc/{renderer.child_pid}/limits").read_text()
    [line] = [line for line in limits.splitlines() if line.startswith("Max address space")]
    assert str(1 << 30) in line


def test_the_process_knows_neither_the_key_nor_the_database(renderer, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "canary-7f31")
    monkeypatch.setenv("DATABASE_URL", "postgres://canary-7f31@/x")
    renderer.draw(REQUEST)
    assert b"canary-7f31" not in Path(f"/proc/{renderer.child_pid}/environ").read_bytes()


def test_a_fork_starts_its_own_process_and_leaves_its_parents_alone():
    render_pdf(plan(), mode="ink")
    parents = RENDERER.child_pid
    reader, writer = os.pipe()
    if not (pid := os.fork()):
        code = 1
        try:
            render_pdf(plan(), mode="ink")
            os.write(writer, str(RENDERER.child_pid).encode())
            RENDERER.stop()
            code = 0
        finally:
            os._exit(code)
    os.close(writer)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert int(os.read(reader, 20)) != parents
    os.close(reader)
    render_pdf(plan(), mode="ink")
    assert RENDERER.child_pid == parents


def test_the_process_ends_with_its_owner(renderer):
    renderer.draw(REQUEST)
    child = renderer._child.process
    renderer._child.process.stdin.close()
    assert child.wait(timeout=60) == 0
    renderer._child = None
