"""One connection to Parlance at a time, and a new one when it ends. Knows how to ask again; knows nothing of rooms."""

import base64
import itertools
import json
import queue
import random
import subprocess
import time

import socketio

CHAT = "/chat"  # the namespace; the default one refuses everybody


class Refused(Exception):
    """The server said no, and would say it again."""

    def __init__(self, error):
        super().__init__(f"{error['code']}: {error['message']}")
        self.code = error["code"]


class Disconnected(Exception):
    """What was asked last may have been done or not."""


class Connection:
    """`events` gets (name, data) of what the server tells. It is in no order: the library calls us on many threads."""

    def __init__(self, url, token_command):
        self.url, self.token_command, self.new_token_at = url, token_command, 0
        self.events, self.reply = queue.SimpleQueue(), queue.SimpleQueue()
        self.sio, self.refusal, self.failures = None, None, 0

    def run(self, serve):
        """Connects, calls serve(), which returns or raises Disconnected when the connection is gone; and again."""
        while True:
            try:
                self.connect()
                serve()
                print("the connection ended", flush=True)
            except (socketio.exceptions.SocketIOError, subprocess.CalledProcessError, Disconnected) as lost:
                print(f"not connected: {self.refusal or lost}", flush=True)
            self.sio.disconnect()
            if self.refusal and not self.refusal["retryable"] and self.refusal["code"] != "TOKEN_EXPIRED":
                raise Refused(self.refusal)
            time.sleep(pause(self.failures, self.refusal))
            self.failures += 1

    def connect(self):
        # The library's own reconnecting does not tell a refusal that lasts from one that passes, so run() does it.
        self.sio, self.refusal = socketio.Client(reconnection=False, handle_sigint=False), None
        self.sio.on("*", self.on_event, namespace=CHAT)
        self.sio.on("connect_error", self.on_refused, namespace=CHAT)
        self.sio.on("disconnect", lambda reason: self.reply.put(None), namespace=CHAT)
        auth = {"token": self.new_token(), "protocolVersion": 1}
        self.sio.connect(self.url, namespaces=CHAT, auth=auth, transports=["websocket"], wait_timeout=10)

    def ask(self, event, payload):
        """The data of the ack. Sends the same again where that may help, so only for events that bear to be repeated."""
        for attempt in itertools.count():
            self.reply = queue.SimpleQueue()
            try:
                self.sio.emit(event, payload, namespace=CHAT, callback=self.reply.put)
                ack = self.reply.get(timeout=15)  # the gateway itself tries for 10 s
            except (socketio.exceptions.SocketIOError, queue.Empty):
                ack = None
            if ack and ack["success"]:
                return ack["data"]
            if not self.sio.connected:
                raise Disconnected(f"{event}: the connection ended under it")
            error = ack["error"] if ack else {"code": "no answer", "outcome": "unknown", "retryable": True}
            if not error["retryable"] or (error["code"] == "INTERNAL" and attempt == 7):
                raise Refused(error)
            print(f"{event}: {error['code']}, {error['outcome']}; again", flush=True)
            time.sleep(pause(attempt, error))

    def next_events(self):
        """What has come, at most a second later; and the token is renewed in time."""
        if time.time() > self.new_token_at:
            self.renew_token()
        events = []
        try:
            events.append(self.events.get(timeout=1))
            while True:
                events.append(self.events.get_nowait())
        except queue.Empty:
            return events

    def renew_token(self):
        """A connection ends with its token unless it is given a newer one."""
        try:
            self.ask("refreshToken", {"token": self.new_token()})
            print("has a new token", flush=True)
        except (subprocess.CalledProcessError, Refused) as failed:
            print(f"has no new token: {failed}", flush=True)
            self.new_token_at = time.time() + 5

    def new_token(self):
        run = subprocess.run(self.token_command, shell=True, check=True, stdout=subprocess.PIPE, text=True)
        token = run.stdout.strip()
        claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        self.new_token_at = time.time() + (claims["exp"] - time.time()) * 0.8
        return token

    def on_event(self, event, *args):
        if event == "ready":
            self.failures = 0
        self.events.put((event, *args))

    def on_refused(self, error):
        # {message, data}, where data is an error as in an ack; a text when nobody answered at all.
        self.refusal = error.get("data") if isinstance(error, dict) else None


def pause(attempt, error):
    """Seconds to wait: what the server asks for, and some that grow and differ from those of other clients."""
    asked_for = (error or {}).get("retryAfterMs", 0) / 1000
    return asked_for + random.uniform(0.2, 1) * min(20, 0.5 * 2 ** min(attempt, 6))
