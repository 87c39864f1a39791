"""A project tool talks in the rooms of its projects, over gRPC: see docs/talk-from-your-backend.md."""

import itertools
import os
import random
import time
import uuid

import grpc

from chat.v1 import chat_service_messages_pb2 as chat
from chat.v1 import room_pb2
from chat.v1.chat_service_pb2_grpc import ChatServiceStub

# A call that ended so may succeed later (docs/errors.md). One that another pod may have carried out, too: then a send
# is repeated with the same client_message_id, and what was stored is found.
MAY_SUCCEED_LATER = (
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.INTERNAL,
)


class Parlance:
    def __init__(self, address, credential):
        # Where the chat service has TLS: grpc.secure_channel, with your own certificate.
        self.stub = ChatServiceStub(grpc.insecure_channel(address))
        self.credential = credential

    def call(self, method, request, user_id=None, timeout=5):
        """One attempt, on behalf of a user: whoever has the credential is believed. Raises grpc.RpcError."""
        metadata = [("authorization", f"Bearer {self.credential}")]
        if user_id:
            metadata.append(("user-id", user_id))
        return getattr(self.stub, method)(request, metadata=metadata, timeout=timeout)

    def send(self, method, request, user_id=None, attempts=8):
        """Sends until the answer is known. The request has a client_message_id, so it is stored once."""
        for attempt in itertools.count(1):
            try:
                return self.call(method, request, user_id)
            except grpc.RpcError as error:
                if error.code() not in MAY_SUCCEED_LATER or attempt == attempts:
                    raise
                reason, outcome, retry_after_ms = why(error)
                print(f"attempt {attempt}: {reason}, {outcome}")
                time.sleep(retry_after_ms / 1000 + random.uniform(0.2, 1) * min(10, 0.2 * 2**attempt))


def why(error):
    """Reason, outcome and advice of a failed call. Without trailers nobody has answered: it may have happened."""
    trailers = dict(error.trailing_metadata() or ())
    reason = trailers.get("error-reason", error.code().name)
    outcome = trailers.get("error-outcome", "ERROR_OUTCOME_UNKNOWN")
    return reason, outcome, int(trailers.get("retry-after-ms", 0))


def main():
    parlance = Parlance(os.environ["PARLANCE_GRPC"], os.environ["PARLANCE_CREDENTIAL"])

    # A room for a project. Repeating this makes a second one: after an unknown outcome look in ListRooms first.
    request = chat.CreateRoomRequest(
        room_type="group", participants=["ann"], metadata=room_pb2.RoomMetadata(name="Project Apollo")
    )
    room = parlance.call("CreateRoom", request, "project-desk").room
    print(f"{room.metadata.name}: {room.participant_count} participants")

    # The id is chosen before the first attempt, and kept with the task that sends until the answer is known.
    message = chat.SendMessageRequest(
        room_id=room.room_id, content="Welcome to Apollo.", client_message_id=str(uuid.uuid4())
    )
    sent = parlance.send("SendMessage", message, "project-desk")
    print(f"stored as #{sent.message.message_id}")
    again = parlance.send("SendMessage", message, "project-desk")
    print(f"again: #{again.message.message_id}, deduplicated: {again.deduplicated}")

    # Bob comes in, and the room is told: by nobody, so there is no user, and the sender is a name of your own.
    request = chat.AddParticipantsRequest(room_id=room.room_id, user_ids=["bob"])
    parlance.call("AddParticipants", request, "project-desk")
    news = chat.SendSystemMessageRequest(
        room_id=room.room_id,
        content="Bob joined the project",
        sender_id="system:projects",
        client_message_id=f"joined-bob-{room.room_id}",
    )
    parlance.send("SendSystemMessage", news)

    # What was said, from the beginning, page by page.
    after_id, more = 0, True
    while more:
        request = chat.GetMessageHistoryRequest(room_id=room.room_id, after_id=after_id, limit=200)
        page = parlance.call("GetMessageHistory", request, "project-desk")
        for each in page.messages:
            print(f"#{each.message_id} {each.sender_id}: {each.content}")
            after_id = each.message_id
        more = page.has_more

    # Permissions are those of the user for whom the call is made.
    try:
        parlance.call("GetRoom", chat.GetRoomRequest(room_id=room.room_id), "mallory")
    except grpc.RpcError as error:
        print("for mallory:", *why(error)[:2])


if __name__ == "__main__":
    main()
