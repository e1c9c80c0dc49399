/* Saving as typed: what was written waits on this device until the portal has it, and is sent one by one.
   An item is {url, row, cell, value, base, version}; it is kept in localStorage under a key of the page and
   the person, so neither a lost connection nor a closed browser loses a text. */
(function () {
  "use strict";

  const RETRY = [2000, 4000, 8000, 15000, 30000];

  function Outbox(key, handlers) {
    this.key = key;
    this.handlers = handlers;
    this.items = this.read();
    this.busy = null;
    this.failures = 0;
    window.addEventListener("online", () => this.flush());
  }

  Outbox.prototype.read = function () {
    try {
      const items = JSON.parse(localStorage.getItem(this.key) || "[]");
      return Array.isArray(items) ? items.map((item) => Object.assign(item, { held: false, tried: true })) : [];
    } catch (error) {
      return [];
    }
  };

  Outbox.prototype.write = function () {
    try {
      if (this.items.length) localStorage.setItem(this.key, JSON.stringify(this.items));
      else localStorage.removeItem(this.key);
    } catch (error) {
      /* A full or forbidden storage: the text is still on the page. */
    }
  };

  /* An earlier text of the same cell that was never sent gives way to the new one. */
  Outbox.prototype.put = function (item) {
    const earlier = this.items.find((one) => one.url === item.url && one.cell === item.cell && !one.tried && !one.held);
    if (earlier) earlier.value = item.value;
    else this.items.push(item);
    this.write();
    this.flush();
  };

  Outbox.prototype.drop = function (item) {
    this.items = this.items.filter((one) => one !== item);
    this.write();
  };

  Outbox.prototype.waits = function (row) {
    return this.items.some((item) => item.row === row);
  };

  Outbox.prototype.flush = function () {
    if (!this.busy) this.busy = this.sendAll().finally(() => { this.busy = null; });
    return this.busy;
  };

  Outbox.prototype.sendAll = async function () {
    let item = this.next();
    while (item) {
      this.handlers.state("saving");
      item.tried = true;
      let answer;
      try {
        answer = await post(item.url, { cell: item.cell, value: item.value, base: item.base, version: item.version, seen: this.handlers.seen() });
      } catch (error) {
        this.wait(error);
        return;
      }
      this.failures = 0;
      if (answer.status === 200) {
        this.drop(item);
        this.handlers.saved(item, answer.data);
      } else {
        /* Refused: the text stays on the device until the person has decided. */
        item.held = true;
        this.write();
        this.handlers.refused(item, answer.data, answer.status);
      }
      item = this.next();
    }
  };

  Outbox.prototype.next = function () {
    return this.items.find((item) => !item.held);
  };

  Outbox.prototype.wait = function (error) {
    this.handlers.state(error.kind === "login" ? "login" : "offline");
    const pause = RETRY[Math.min(this.failures, RETRY.length - 1)];
    this.failures += 1;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.flush(), pause);
  };

  function csrf() {
    const field = document.querySelector("[name=csrfmiddlewaretoken]");
    return field ? field.value : "";
  }

  /* {status, data}; throws {kind: "offline" | "login"} when the portal could not be asked. */
  async function post(url, data) {
    let response;
    try {
      response = await fetch(url, {
        method: "POST",
        credentials: "same-origin",
        keepalive: JSON.stringify(data).length < 50000,
        headers: { "Accept": "application/json", "Content-Type": "application/json", "X-CSRFToken": csrf() },
        body: JSON.stringify(data),
      });
    } catch (error) {
      throw { kind: "offline" };
    }
    const isJson = (response.headers.get("Content-Type") || "").startsWith("application/json");
    if (response.status >= 500) throw { kind: "offline" };
    if (!isJson) throw { kind: "login" };
    return { status: response.status, data: await response.json() };
  }

  window.TableEditorOutbox = { Outbox: Outbox, post: post };
})();
