"""The other side of the bot, over HTTP: asks questions, waits for answers, checks them. Usage: asker.py room|ask|wait|check ..."""

import json
import os
import sys
import time
import urllib.request
from pathlib import Path

BOT = "answer-bot"


def call(method, path, body=None):
    headers = {"authorization": f"Bearer {os.environ['ANN_TOKEN']}", "content-type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    url = os.environ["PARLANCE_URL"] + "/api/v1/rooms" + path
    with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=30) as response:
        return json.load(response)


def history(room_id):
    messages, more = [], True
    while more:
        last = messages[-1]["messageId"] if messages else 0
        page = call("GET", f"/{room_id}/messages?afterId={last}&limit=200")
        messages, more = messages + page["data"], page["hasMore"]
    return messages


def said_by(user_id, messages):
    return [message["content"] for message in messages if message["senderId"] == user_id]


def main(command, *args):
    if command == "room":
        room = call("POST", "", {"roomType": "group", "participants": [BOT], "metadata": {"name": "Questions"}})
        Path("room.txt").write_text(room["data"]["roomId"])
        return
    room_id = Path("room.txt").read_text()
    if command == "ask":
        for number in range(int(args[0]), int(args[1]) + 1):
            call("POST", f"/{room_id}/messages", {"content": f"Question {number}?", "clientMessageId": f"q-{number}"})
    elif command == "wait":
        give_up_at = time.time() + 60
        while len(said_by(BOT, history(room_id))) < int(args[0]):
            if time.time() > give_up_at:
                sys.exit("no answer for a minute")
            time.sleep(0.3)
    elif command == "check":
        messages = history(room_id)
        questions, answers = said_by("ann", messages), said_by(BOT, messages)
        if answers != [f"ann asked: {question}" for question in questions]:
            sys.exit(f"asked {questions}\nanswered {answers}")
        print(f"{len(questions)} questions, {len(answers)} answers: each once and in order")


if __name__ == "__main__":
    main(*sys.argv[1:])
