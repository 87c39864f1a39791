"""Where the bot is in each room, on the disk: it outlives the bot, however that ends."""

import sqlite3


class Places:
    def __init__(self, path):
        self.file = sqlite3.connect(path, isolation_level=None)
        self.file.execute("create table if not exists places (room text primary key, epoch integer, id integer, rev integer)")

    def of(self, room_id):
        """{id, rev, epoch}, as `resume` wants it: the newest message that was dealt with. None for a room that is new."""
        row = self.file.execute("select id, rev, epoch from places where room = ?", (room_id,)).fetchone()
        return row and dict(zip(("id", "rev", "epoch"), row))

    def put(self, room_id, epoch, message_id, rev):
        self.file.execute("replace into places values (?, ?, ?, ?)", (room_id, epoch, message_id, rev))
