/* Saving as typed: what was written waits on this device until the portal has it, and is sent one by one.
   An item is {url, row, cell, value, base, version}; it is kept in localStorage under a key of the page,
   the person and the tab, so neither a lost connection nor a closed browser loses a text. */
(function () {
  "use strict";

  const RETRY = [2000, 4000, 8000, 15000, 30000];

  /* Every tab keeps its texts under keys of its own and removes only those: two tabs of one person never wipe each
     other's. What a closed tab left behind is taken over by the next one that opens; who is closed tells the lock. */
  const TAB = Array.from(crypto.getRandomValues(new Uint32Array(2)), (part) => part.toString(36)).join("");
  const lockOf = (tab) => `table-editor-tab:${tab}`;
  if (navigator.locks) navigator.locks.request(lockOf(TAB), () => new Promise(() => {})).catch(() => null);

  async function openTabs() {
    if (!navigator.locks) return [];
    try {
      return (await navigator.locks.query()).held.map((lock) => lock.name);
    } catch (error) {
      return [];
    }
  }

  function Shelf(prefix) {
    this.prefix = `${prefix}:`;
  }

  Shelf.prototype.put = function (name, value) {
    try {
      localStorage.setItem(`${this.prefix}${TAB}:${name}`, JSON.stringify(value));
    } catch (error) {
      /* A full or forbidden storage: the text is still on the page. */
    }
  };

  Shelf.prototype.drop = function (name) {
    try {
      localStorage.removeItem(`${this.prefix}${TAB}:${name}`);
    } catch (error) {
      /* Nothing was kept. */
    }
  };

  /* What closed tabs left, in the order it was written; the caller keeps it under this tab's name.
     Without locks the texts of open tabs come too: the portal takes the same text twice as once. */
  Shelf.prototype.abandoned = async function () {
    const open = await openTabs();
    const left = [];
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(this.prefix));
      keys.forEach((key) => {
        const [tab, name] = key.slice(this.prefix.length).split(":");
        if (tab === TAB || open.includes(lockOf(tab))) return;
        left.push({ name: Number(name) || 0, value: JSON.parse(localStorage.getItem(key)) });
        localStorage.removeItem(key);
      });
    } catch (error) {
      /* A forbidden storage or foreign words in it: nothing to return. */
    }
    return left.sort((one, other) => one.name - other.name).map((one) => one.value).filter(Boolean);
  };

  function Outbox(key, handlers) {
    this.shelf = new Shelf(key);
    this.handlers = handlers;
    this.items = [];
    this.count = 0;
    this.busy = null;
    this.failures = 0;
    this.refusals = 0;
    window.addEventListener("online", () => this.flush());
    /* handlers.gather puts what is still being typed into the outbox. */
    window.portal.saves({
      waits: () => {
        if (handlers.gather) handlers.gather();
        return Boolean(this.next());
      },
      flush: () => this.settle(),
    });
  }

  Outbox.prototype.keep = function (item) {
    if (!item.kept) {
      this.count += 1;
      item.kept = this.count;
    }
    this.shelf.put(item.kept, item);
  };

  /* The texts a closed tab could not send are sent by this one. */
  Outbox.prototype.takeOver = async function () {
    const left = await this.shelf.abandoned();
    left.forEach((item) => {
      this.items.push(Object.assign(item, { held: false, tried: true, kept: 0 }));
      this.keep(item);
      if (this.handlers.taken) this.handlers.taken(item);
    });
    return this.flush();
  };

  /* An earlier text of the same cell that was never sent gives way to the new one. With a pause the text is kept at
     once and sent when nobody has written for so long. */
  Outbox.prototype.put = function (item, pause) {
    const earlier = this.items.find((one) => one.url === item.url && one.cell === item.cell && !one.tried && !one.held);
    if (earlier) earlier.value = item.value;
    else this.items.push(item);
    this.keep(earlier || item);
    window.clearTimeout(this.later);
    if (pause) this.later = window.setTimeout(() => this.flush(), pause);
    else this.flush();
  };

  Outbox.prototype.drop = function (item) {
    this.items = this.items.filter((one) => one !== item);
    this.shelf.drop(item.kept);
  };

  Outbox.prototype.waits = function (row) {
    return this.items.some((item) => item.row === row);
  };

  Outbox.prototype.flush = function () {
    if (!this.busy) this.busy = this.sendAll().finally(() => { this.busy = null; });
    return this.busy;
  };

  /* Everything at once, with what is put in meanwhile; whether the portal took it all. */
  Outbox.prototype.settle = async function () {
    const before = this.refusals;
    window.clearTimeout(this.later);
    do await this.flush(); while (this.next() && !this.failures);
    return !this.next() && this.refusals === before;
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
        this.refuse(item, answer);
      }
      item = this.next();
    }
  };

  /* What was written in the same place while the refused text was on its way is the text now: it goes in its stead.
     Otherwise, and where somebody else wrote there, the text stays on the device until the person has decided. */
  Outbox.prototype.refuse = function (item, answer) {
    const newer = this.items.filter((one) => one !== item && one.url === item.url && one.cell === item.cell).pop();
    if (newer) {
      this.items.filter((one) => one !== item && one.url === item.url && one.cell === item.cell).forEach((one) => this.drop(one));
      item.value = newer.value;
      this.keep(item);
      if (!answer.data.stale) return;
    }
    item.held = true;
    this.refusals += 1;
    this.handlers.refused(item, answer.data, answer.status);
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

  window.TableEditorOutbox = { Outbox: Outbox, Shelf: Shelf, post: post };
})();
