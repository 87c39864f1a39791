// A project tool talks in the rooms of its projects, over gRPC: see docs/talk-from-your-backend.md.
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log"
	mathrand "math/rand/v2"
	"os"
	"slices"
	"strconv"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	chat "example.com/project-desk/gen/chat/v1"
)

// A call that ended so may succeed later (docs/errors.md). One that may have been carried out, too: then a send is
// repeated with the same ClientMessageId, and what was stored is found.
var maySucceedLater = []codes.Code{codes.ResourceExhausted, codes.Unavailable, codes.DeadlineExceeded, codes.Internal}

type parlance struct {
	chat.ChatServiceClient
	credential string
}

// as is the context of one attempt on behalf of a user, or of nobody: whoever has the credential is believed.
func (p parlance) as(userID string) (context.Context, context.CancelFunc) {
	ctx := metadata.AppendToOutgoingContext(context.Background(), "authorization", "Bearer "+p.credential)
	if userID != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, "user-id", userID)
	}
	return context.WithTimeout(ctx, 5*time.Second)
}

// send sends until the answer is known. The request has a ClientMessageId, so it is stored once.
func send[Request, Response any](
	p parlance,
	userID string,
	method func(context.Context, Request, ...grpc.CallOption) (Response, error),
	request Request,
) (Response, error) {
	for attempt := 1; ; attempt++ {
		ctx, cancel := p.as(userID)
		var trailers metadata.MD
		response, err := method(ctx, request, grpc.Trailer(&trailers))
		cancel()
		if err == nil || !slices.Contains(maySucceedLater, status.Code(err)) || attempt == 8 {
			return response, err
		}
		reason, outcome, retryAfter := why(err, trailers)
		fmt.Printf("attempt %d: %s, %s\n", attempt, reason, outcome)
		longest := min(10*time.Second, 200*time.Millisecond<<attempt)
		time.Sleep(retryAfter + time.Duration((0.2+0.8*mathrand.Float64())*float64(longest)))
	}
}

// why gives reason, outcome and advice of a failed call. Without trailers nobody has answered: it may have happened.
func why(err error, trailers metadata.MD) (reason, outcome string, retryAfter time.Duration) {
	first := func(key, otherwise string) string { return append(trailers.Get(key), otherwise)[0] }
	milliseconds, _ := strconv.Atoi(first("retry-after-ms", "0"))
	return first("error-reason", status.Code(err).String()), first("error-outcome", "ERROR_OUTCOME_UNKNOWN"),
		time.Duration(milliseconds) * time.Millisecond
}

func run() error {
	// Where the chat service has TLS: credentials.NewTLS, with your own certificate.
	connection, err := grpc.NewClient(os.Getenv("PARLANCE_GRPC"), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	p := parlance{chat.NewChatServiceClient(connection), os.Getenv("PARLANCE_CREDENTIAL")}

	// A room for a project. Repeating this makes a second one: after an unknown outcome look in ListRooms first.
	ctx, cancel := p.as("project-desk")
	defer cancel()
	created, err := p.CreateRoom(ctx, &chat.CreateRoomRequest{
		RoomType:     "group",
		Participants: []string{"ann"},
		Metadata:     &chat.RoomMetadata{Name: "Project Apollo"},
	})
	if err != nil {
		return err
	}
	roomID := created.Room.RoomId
	fmt.Printf("%s: %d participants\n", created.Room.Metadata.Name, created.Room.ParticipantCount)

	// The id is chosen before the first attempt, and kept with the task that sends until the answer is known.
	message := &chat.SendMessageRequest{RoomId: roomID, Content: "Welcome to Apollo.", ClientMessageId: rand.Text()}
	sent, err := send(p, "project-desk", p.SendMessage, message)
	if err != nil {
		return err
	}
	fmt.Printf("stored as #%d\n", sent.Message.MessageId)
	again, err := send(p, "project-desk", p.SendMessage, message)
	if err != nil {
		return err
	}
	fmt.Printf("again: #%d, deduplicated: %t\n", again.Message.MessageId, again.Deduplicated)

	// Bob comes in, and the room is told: by nobody, so there is no user, and the sender is a name of your own.
	ctx, cancel = p.as("project-desk")
	defer cancel()
	if _, err := p.AddParticipants(ctx, &chat.AddParticipantsRequest{RoomId: roomID, UserIds: []string{"bob"}}); err != nil {
		return err
	}
	news := &chat.SendSystemMessageRequest{
		RoomId:          roomID,
		Content:         "Bob joined the project",
		SenderId:        "system:projects",
		ClientMessageId: "joined-bob-" + roomID,
	}
	if _, err := send(p, "", p.SendSystemMessage, news); err != nil {
		return err
	}

	// What was said, from the beginning, page by page.
	for afterID, more := int64(0), true; more; {
		ctx, cancel := p.as("project-desk")
		page, err := p.GetMessageHistory(ctx, &chat.GetMessageHistoryRequest{
			RoomId:   roomID,
			Limit:    200,
			Position: &chat.GetMessageHistoryRequest_AfterId{AfterId: afterID},
		})
		cancel()
		if err != nil {
			return err
		}
		for _, each := range page.Messages {
			fmt.Printf("#%d %s: %s\n", each.MessageId, each.SenderId, each.Content)
			afterID = each.MessageId
		}
		more = page.HasMore
	}

	// Permissions are those of the user for whom the call is made.
	ctx, cancel = p.as("mallory")
	defer cancel()
	var trailers metadata.MD
	if _, err := p.GetRoom(ctx, &chat.GetRoomRequest{RoomId: roomID}, grpc.Trailer(&trailers)); err != nil {
		reason, outcome, _ := why(err, trailers)
		fmt.Println("for mallory:", reason, outcome)
	}
	return nil
}

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}
