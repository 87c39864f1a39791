"""A bot that answers each question once and in order, whatever ends it in between: see docs/build-a-bot.md."""

import itertools
import os
import sys
import time

from connection import Connection, Refused
from places import Places

THINK_SECONDS = float(os.environ.get("BOT_THINK_SECONDS", "0"))


def answer_to(message):
    """What the bot says to a message, or None. Put your own here."""
    if not message["content"].endswith("?"):
        return None
    time.sleep(THINK_SECONDS)
    return f"{message['senderId']} asked: {message['content']}"


class Bot:
    def __init__(self, connection, places):
        self.connection, self.ask, self.places = connection, connection.ask, places
        self.me, self.behind = None, set()

    def serve(self):
        """Until the connection ends. Events are only hints that a room has moved; catch_up() asks what is there."""
        while self.connection.sio.connected:
            for event, data in self.connection.next_events():
                self.note(event, data)
            self.catch_up()

    def note(self, event, data):
        if event == "ready":
            self.me = data["userId"]
            print(f"{self.me} is ready, rooms: {len(data['rooms'])}", flush=True)
            for room in data["rooms"]:
                if not self.places.of(room["roomId"]):  # new to the bot: it begins where it came in
                    self.places.put(room["roomId"], room["epoch"], room["readUpTo"], room["rev"])
                self.compare(room["roomId"], room)
        elif event == "heads":
            for room_id, stands_at in data.items():
                self.compare(room_id, stands_at)
        elif event in ("newMessage", "roomJoined"):
            place = self.places.of(data["roomId"])
            if not place or data.get("messageId", 0) > place["id"]:  # else it has been dealt with
                self.behind.add(data["roomId"])
        elif event == "exception":
            print(f"exception: {data['error']['code']}", flush=True)

    def compare(self, room_id, stands_at):
        place = self.places.of(room_id)
        if not place or (place["id"], place["epoch"]) != (stands_at["head"], stands_at["epoch"]):
            self.behind.add(room_id)

    def catch_up(self):
        """Asks for what lies after the places on the disk and deals with it, until nothing is left."""
        while self.behind:
            for room_id in [each for each in self.behind if not self.places.of(each)]:
                self.begin(room_id)
            asked = {room_id: self.places.of(room_id) for room_id in itertools.islice(self.behind, 200)}
            for room_id, room in self.ask("resume", {"rooms": asked})["rooms"].items():
                if "error" in room:
                    print(f"{room_id}: {room['error']['code']}", flush=True)
                    self.behind.discard(room_id)  # comes back with the next event of the room
                elif room.get("wentBack"):  # a backup was restored: other messages under the same ids
                    self.begin(room_id)
                elif room.get("truncated"):  # what lies below is not there any more
                    self.places.put(room_id, room["epoch"], room["firstAvailableId"] - 1, asked[room_id]["rev"])
                else:
                    self.deal_with_all(room_id, room, asked[room_id])

    def deal_with_all(self, room_id, room, place):
        at = place["id"]
        for message in room["messages"]:
            self.deal_with(message)
            at = message["messageId"]
            self.places.put(room_id, room["epoch"], at, place["rev"])
        self.places.put(room_id, room["epoch"], at, room["rev"])
        if not room["hasMore"]:
            self.behind.discard(room_id)

    def begin(self, room_id):
        try:
            room = self.ask("joinRoom", {"roomId": room_id})  # of a room that it is in, this only tells how it stands
            self.places.put(room_id, room["epoch"], room["readUpTo"], room["rev"])
        except Refused as refused:
            print(f"{room_id}: {refused}", flush=True)
            self.behind.discard(room_id)

    def deal_with(self, message):
        if message["senderId"] == self.me or message["messageType"] != "text":
            return
        text = answer_to(message)
        if text is None:
            return
        # The same question gives the same id. So when the bot was killed after it sent and before it wrote that down,
        # it sends again, the server finds the answer that it has, and the room gets no second one.
        asked = message["messageId"]
        answer = {"roomId": message["roomId"], "content": text, "clientMessageId": f"answer-{asked}"}
        try:
            sent = self.ask("sendMessage", answer)
            print(f"#{asked} {'was' if sent['deduplicated'] else 'is'} answered by #{sent['messageId']}", flush=True)
        except Refused as refused:
            # IDEMPOTENCY_CONFLICT: it was answered before, with other words. What else is refused, stays refused.
            print(f"#{asked} gets no new answer: {refused}", flush=True)


if __name__ == "__main__":
    connection = Connection(os.environ.get("PARLANCE_URL", "http://127.0.0.1:3000"), os.environ["BOT_TOKEN_COMMAND"])
    bot = Bot(connection, Places("bot.db"))
    try:
        connection.run(bot.serve)
    except Refused as refused:
        sys.exit(str(refused))
